//! Dropped futures of calls, and the guard that ends the instance with them.

use crate::passed_resources::{EXPORTER, RUNTIMES, THINGS, component, instance};
use crate::programs::{FORMS, Form};
use crate::{Host, linker};
use futures_lite::future::{block_on, poll_once};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use weft::{Component, EndReason, Error, Instance, Runtime, Val};

fn start(form: Form) -> Instance<Host> {
    let engine = form.engine();
    let component = Component::new(&engine, form.bytes()).expect("a valid program");
    let instance = linker(&engine).instantiate(&component, Host::new());
    instance.expect("an instance")
}

fn sum(instance: &Instance<Host>) -> Result<u32, Error> {
    let sum = instance.get_typed_func::<(u32, u32), (u32,)>("sum")?;
    sum.call((1, 2)).map(|(sum,)| sum)
}

#[test]
fn a_guard_ends_the_instance_with_the_future_that_holds_it() {
    for form in FORMS {
        let instance = start(form);
        let spin = instance.get_typed_func::<(), ()>("spin").expect("spin");
        let (sender, other) = channel();
        std::thread::scope(|scope| {
            // It waits for the end of `spin`, or computes beside it.
            scope.spawn(|| {
                let spin = instance.get_typed_func::<(), ()>("spin").expect("spin");
                sender.send(spin.call(())).expect("the test waits");
            });
            let answer = async {
                let _guard = instance.end_handle().drop_guard("the client has gone");
                match form.runtime() {
                    Runtime::Parallel => spin.call_async(()).await,
                    // Polling the call would compute for ever.
                    Runtime::Cooperative => std::future::pending().await,
                }
            };
            assert!(block_on(poll_once(answer)).is_none(), "{form:?}");
        });
        for ended in [other.recv().expect("the other call ends"), sum(&instance).map(drop)] {
            assert!(
                matches!(&ended, Err(Error::EndedBy(EndReason::Host(why))) if &**why == "the client has gone"),
                "{form:?}: {ended:?}"
            );
        }
    }
}

#[test]
fn a_guard_that_is_disarmed_ends_nothing() {
    for form in FORMS {
        let instance = start(form);
        let guard = instance.end_handle().drop_guard("never");
        let handle = guard.disarm();
        assert_eq!(sum(&instance).expect("the instance lives"), 3, "{form:?}");
        drop(handle.drop_guard("now"));
        let ended = sum(&instance);
        assert!(
            matches!(&ended, Err(Error::EndedBy(EndReason::Host(why))) if &**why == "now"),
            "{form:?}: {ended:?}"
        );
        // The first reason counts, and an instance that is gone has no use for it.
        drop(instance.end_handle().drop_guard("later"));
        let guard = instance.end_handle().drop_guard("later");
        drop(instance);
        drop(guard);
    }
}

#[test]
fn a_call_that_waits_for_its_turn_never_begins() {
    for form in FORMS {
        let instance = start(form);
        let (begun, on_begun) = channel();
        let (release, released) = channel::<()>();
        let first = Mutex::new(Some(released));
        instance.host().does(move |name| {
            let mut first = first.lock().expect("no panic");
            if let ("log", Some(released)) = (name, first.take()) {
                begun.send(()).expect("the test waits");
                released.recv().expect("the test releases it");
            }
        });
        let greet = instance.get_typed_func::<(String,), (String,)>("greet").expect("greet");
        std::thread::scope(|scope| {
            let call = scope.spawn(|| block_on(greet.call_async(("one".to_owned(),))));
            on_begun.recv().expect("the call begins");
            assert!(block_on(poll_once(greet.call_async(("two".to_owned(),)))).is_none());
            release.send(()).expect("the call waits");
            call.join().expect("no panic").expect("no trap");
        });
        greet.call(("three".to_owned(),)).expect("the instance lives");
        assert_eq!(instance.host().lines(), ["Hello, one", "Hello, three"], "{form:?}");
    }
}

#[test]
fn a_call_that_has_begun_ends_with_its_instance_or_continues() {
    for form in FORMS {
        let instance = start(form);
        let (begun, on_begun) = channel();
        instance.host().does(move |name| {
            if name == "slow-add" {
                // The test may have ended.
                let _ = begun.send(());
            }
        });
        let sum_async = instance.get_typed_func::<(u32, u32), (u32,)>("sum").expect("sum");
        {
            let mut call = std::pin::pin!(sum_async.call_async((1, 2)));
            let polled = block_on(poll_once(&mut call));
            on_begun.recv().expect("the call begins");
            // On the parallel runtime, it may have returned by now.
            assert!(form.runtime() == Runtime::Parallel || polled.is_none(), "{polled:?}");
        }
        let next = sum(&instance);
        match form.runtime() {
            Runtime::Parallel => assert_eq!(next.expect("the instance lives"), 3),
            Runtime::Cooperative => assert!(
                matches!(&next, Err(Error::EndedBy(EndReason::Host(why))) if why.contains("dropped")),
                "{next:?}"
            ),
        }
    }
}

#[test]
fn a_destructor_that_has_not_begun_leaves_the_handle() {
    for runtime in RUNTIMES {
        let instance = instance(&component(runtime, EXPORTER));
        let make = instance.get_func(&[THINGS, "make"]).expect("an export");
        let made = make.call(&[Val::U32(7)]).expect("no trap");
        let Some(Val::Resource(thing)) = made else {
            panic!("{made:?}")
        };
        drop(instance.resource_drop_async(thing));
        let dropped = instance.get_typed_func::<(), (u32,)>("dropped").expect("an export");
        assert_eq!(dropped.call(()).expect("no trap"), (0,), "{runtime:?}");
        instance.resource_drop(thing).expect("the handle is there");
        assert_eq!(dropped.call(()).expect("no trap"), (7,), "{runtime:?}");
        let again = instance.resource_drop(thing);
        assert!(matches!(again, Err(Error::Resource(_))), "{runtime:?}: {again:?}");
        assert_eq!(dropped.call(()).expect("the instance lives"), (7,), "{runtime:?}");
    }
}
