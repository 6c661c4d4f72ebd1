//! Host functions that call instances: a call that would wait for itself is refused, and any other call runs.

use std::sync::{Arc, OnceLock};

use weft_parallel::{Caller, Component, Engine, Error, Func, Linker, Val};

use crate::support::{Host, Program, Running, WORKERS, component, engine, linker, watched};

/// The function that a host function calls. It is known when there is an instance.
type Target = Arc<OnceLock<Func<Arc<Host>>>>;

const CODE: &str = r#"
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func $child (type $start) (param i32)
        (call $log (call $call_target))
        (call $send (i32.const 0) (i32.const 0)))
    (type $exclusive (func (result i32)))
    (func (export "call") (type $exclusive) (result i32) (call $call_target))
    (func (export "spawn") (type $get) (result i32) (call $spawn (i32.const 0) (i32.const 0)))
    (func (export "seven") (type $exclusive) (result i32) (i32.const 7))
"#;

fn program(engine: &Engine) -> Component {
    let program = Program {
        code: CODE,
        exports: &[
            ("call", "(result s32)"),
            ("spawn", "(result s32)"),
            ("seven", "(result s32)"),
        ],
        imports: &[("call_target", "(result i32)")],
        ..Program::default()
    };
    component(engine, &program.text())
}

const REENTRANT: i32 = -1;

/// The result of the function, or [`REENTRANT`].
fn outcome(called: Result<Option<Val>, Error>) -> i32 {
    match called {
        Ok(Some(Val::S32(value))) => value,
        Err(Error::Reentrant(function)) => {
            assert!(["call", "seven"].contains(&function.as_str()), "{function}");
            REENTRANT
        }
        other => panic!("{other:?}"),
    }
}

fn define_async(linker: &mut Linker<Arc<Host>>, target: &Target) {
    let target = Arc::clone(target);
    let mut host = linker.module("host");
    let defined = host.func_wrap_async("call_target", move |_: Caller<'_, Arc<Host>>, (): ()| {
        let target = target.get().expect("an instance").clone();
        Box::new(async move { outcome(target.call_async(&[]).await) })
    });
    defined.expect("a new name");
}

fn define_blocking(linker: &mut Linker<Arc<Host>>, target: &Target) {
    let target = Arc::clone(target);
    let call = move |_: weft_parallel::BlockingCaller<Arc<Host>>, (): ()| {
        outcome(target.get().expect("an instance").call(&[]))
    };
    linker
        .module("host")
        .func_wrap_blocking("call_target", call)
        .expect("a new name");
}

/// An instance whose host function calls what is set later.
fn start(component: &Component, define: fn(&mut Linker<Arc<Host>>, &Target)) -> (Running, Target) {
    let target = Target::default();
    let mut linker = linker(component.engine());
    define(&mut linker, &target);
    let host = Host::new();
    let instance = linker.instantiate(component, host.clone()).expect("an instance");
    (Running { instance, host }, target)
}

fn for_each_kind(test: impl Fn(&Component, fn(&mut Linker<Arc<Host>>, &Target)) + Send + 'static) {
    watched(move || {
        for workers in WORKERS {
            let component = program(&engine(workers));
            test(&component, define_async);
            test(&component, define_blocking);
        }
    });
}

#[test]
fn a_host_function_cannot_call_the_instance_whose_call_it_is_in() {
    for_each_kind(|component, define| {
        let (program, target) = start(component, define);
        target.set(program.func("seven")).ok().expect("not set");
        assert_eq!(program.call("call", &[]).expect("no trap"), REENTRANT);
        // It was no trap, so the instance can be called again.
        assert_eq!(program.call("seven", &[]).expect("no trap"), 7);
    });
}

#[test]
fn nor_by_way_of_other_instances() {
    for_each_kind(|component, define| {
        let programs: Vec<_> = (0..3).map(|_| start(component, define)).collect();
        for (number, (_, target)) in programs.iter().enumerate() {
            let next = &programs[(number + 1) % programs.len()].0;
            target.set(next.func("call")).ok().expect("not set");
        }
        // The third is the one that would call the first.
        assert_eq!(programs[0].0.call("call", &[]).expect("no trap"), REENTRANT);
    });
}

/// Each of two or three calls has begun when it calls the next instance, and the last one the first.
#[test]
fn nor_when_instances_call_each_other_in_a_circle() {
    watched(|| {
        for (workers, instances) in WORKERS.into_iter().flat_map(|workers| [(workers, 2), (workers, 3)]) {
            let component = program(&engine(workers));
            let barrier = Arc::new(async_lock::Barrier::new(instances));
            let programs = Vec::from_iter((0..instances).map(|_| {
                let target = Target::default();
                let mut linker = linker(component.engine());
                let (barrier, called) = (Arc::clone(&barrier), Arc::clone(&target));
                let mut host = linker.module("host");
                let defined = host.func_wrap_async("call_target", move |_: Caller<'_, Arc<Host>>, (): ()| {
                    let (barrier, target) = (Arc::clone(&barrier), called.get().expect("an instance").clone());
                    Box::new(async move {
                        barrier.wait().await;
                        outcome(target.call_async(&[]).await)
                    })
                });
                defined.expect("a new name");
                let host = Host::new();
                let instance = linker.instantiate(&component, host.clone()).expect("an instance");
                (Running { instance, host }, target)
            }));
            for (number, (_, target)) in programs.iter().enumerate() {
                let next = &programs[(number + 1) % instances].0;
                target.set(next.func("seven")).ok().expect("not set");
            }
            let calls = programs.iter().map(|(program, _)| program.func("call"));
            let calls =
                calls.map(|call| std::thread::spawn(move || crate::support::call(&call, &[]).expect("no trap")));
            let calls = Vec::from_iter(calls);
            let mut outcomes = Vec::from_iter(calls.into_iter().map(|call| call.join().expect("no panic")));
            outcomes.sort_unstable();
            // The last one to call is refused, so the others go on.
            assert_eq!((outcomes[0], &outcomes[1..]), (REENTRANT, &vec![7; instances - 1][..]));
        }
    });
}

#[test]
fn a_host_function_can_call_another_instance() {
    for_each_kind(|component, define| {
        let (first, target) = start(component, define);
        let (second, _) = start(component, define);
        target.set(second.func("seven")).ok().expect("not set");
        assert_eq!(first.call("call", &[]).expect("no trap"), 7);
    });
}

/// It waits until the call of the main function is over, and in turn until that of the other thread is.
#[test]
fn a_host_function_of_a_spawned_thread_can_call_its_instance() {
    for_each_kind(|component, define| {
        let (program, target) = start(component, define);
        target.set(program.func("seven")).ok().expect("not set");
        for _ in 0..3 {
            assert_ne!(program.call("spawn", &[]).expect("no trap"), 0);
        }
        (0..3).for_each(|_| assert_eq!(program.host.receive(0), 0));
        assert_eq!(program.host.sorted_values(), [7, 7, 7]);
    });
}

#[test]
fn a_host_function_on_a_worker_cannot_wait_with_block_on() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let component = program(&engine);
            let refused = |outcome: Result<i32, Error>| match outcome {
                Err(Error::WaitOnWorker) => -2,
                other => panic!("{other:?}"),
            };
            let mut sync = linker(&engine);
            let of_sync = engine.clone();
            let call = move |_: Caller<'_, Arc<Host>>| refused(of_sync.block_on(std::future::ready(7)));
            sync.module("host").func_wrap("call_target", call).expect("a new name");
            let mut asynchronous = linker(&engine);
            let of_async = engine.clone();
            let mut host = asynchronous.module("host");
            let defined = host.func_wrap_async("call_target", move |_: Caller<'_, Arc<Host>>, (): ()| {
                let engine = of_async.clone();
                Box::new(async move { refused(engine.block_on(std::future::ready(7))) })
            });
            defined.expect("a new name");
            let mut blocking = linker(&engine);
            let of_blocking = engine.clone();
            let call = move |_: weft_parallel::BlockingCaller<Arc<Host>>, (): ()| {
                of_blocking.block_on(std::future::ready(7)).expect("no worker")
            };
            blocking
                .module("host")
                .func_wrap_blocking("call_target", call)
                .expect("a new name");
            for (linker, expected) in [(sync, -2), (asynchronous, -2), (blocking, 7)] {
                let host = Host::new();
                let instance = linker.instantiate(&component, host.clone()).expect("an instance");
                let program = Running { instance, host };
                assert_eq!(program.call("call", &[]).expect("no trap"), expected);
            }
            assert_eq!(engine.block_on(std::future::ready(7)).expect("no worker"), 7);
        }
    });
}
