//! Dropped futures of calls. A call that has not begun never begins, whatever it waits for, and later calls work. A call
//! that has begun continues.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use futures_lite::future::{block_on, poll_once};
use weft_parallel::{Caller, Component, Engine, Linker, Val};

use crate::core_items::{KINDS, items, plugin};
use crate::support::{Host, Program, Running, component, engine, linker, until, watched};

/// `note` logs its argument. `note-in-turn` does too, but is not shared. `relay` says on gate 0 that it has begun, waits
/// at gate 1, and logs its argument. `hold` blocks its worker.
const CODE: &str = r#"
    (type $turn (func (param i32)))
    (global $unshared (mut i32) (i32.const 0))
    (func $note (export "note") (type $start) (param $value i32) (call $log (local.get $value)))
    (func (export "note-in-turn") (type $turn) (param $value i32)
        (global.set $unshared (local.get $value))
        (call $log (global.get $unshared)))
    (func (export "relay") (type $start) (param $value i32)
        (call $send (i32.const 0) (local.get $value))
        (drop (call $receive (i32.const 1)))
        (call $log (local.get $value)))
    (func (export "relay-in-turn") (type $turn) (param $value i32)
        (global.set $unshared (local.get $value))
        (call $send (i32.const 0) (global.get $unshared))
        (drop (call $receive (i32.const 1)))
        (call $log (global.get $unshared)))
    (func (export "hold") (type $void) (call $hold))
"#;

/// An engine with one worker, which `hold` blocks until the test lets it go.
struct OneWorker {
    linker: Linker<Arc<Host>>,
    component: Component,
    /// `hold` has the worker.
    held: Receiver<()>,
    /// Lets `hold` return.
    release: Sender<()>,
}

impl OneWorker {
    fn new() -> Self {
        let engine: Engine = engine(1);
        let program = Program {
            code: CODE,
            exports: &[
                ("note", "(param \"value\" s32)"),
                ("note-in-turn", "(param \"value\" s32)"),
                ("relay", "(param \"value\" s32)"),
                ("relay-in-turn", "(param \"value\" s32)"),
                ("hold", ""),
            ],
            imports: &[("hold", "")],
            ..Program::default()
        };
        let component = component(&engine, &program.text());
        let mut linker = linker(&engine);
        let (has, held) = channel();
        let (release, released) = channel();
        let released = std::sync::Mutex::new(released);
        let mut host = linker.module("host");
        let hold = move |_: Caller<'_, Arc<Host>>| {
            has.send(()).expect("the test waits");
            let released = released.lock().expect("no panic under the lock");
            released.recv().expect("the test releases it");
        };
        host.func_wrap("hold", hold).expect("a new name");
        OneWorker {
            linker,
            component,
            held,
            release,
        }
    }

    fn start(&self) -> Running {
        let host = Host::new();
        let instance = self.linker.instantiate(&self.component, host.clone());
        Running {
            instance: instance.expect("an instance"),
            host,
        }
    }

    /// Runs a test while the worker is blocked.
    fn while_held(&self, test: impl FnOnce()) {
        let holder = self.start();
        let hold = holder.func("hold");
        std::thread::scope(|scope| {
            let call = scope.spawn(|| block_on(hold.call_async(&[])));
            self.held.recv().expect("`hold` says that it has begun");
            test();
            self.release.send(()).expect("`hold` waits");
            call.join().expect("no panic").expect("no trap");
        });
    }
}

/// Begins a call of the function, and drops its future.
fn begin_and_drop(running: &Running, name: &str, value: i32) {
    let func = running.func(name);
    let arguments = [Val::S32(value)];
    let polled = block_on(poll_once(func.call_async(&arguments)));
    assert!(polled.is_none(), "{name} has returned: {polled:?}");
}

fn values(running: &Running) -> Vec<i32> {
    running.host.log().into_iter().map(|(_, value)| value).collect()
}

#[test]
fn a_call_that_waits_for_a_worker_never_begins() {
    watched(|| {
        for name in ["note", "note-in-turn"] {
            let engine = OneWorker::new();
            let running = engine.start();
            engine.while_held(|| begin_and_drop(&running, name, 1));
            // The worker takes its tasks in the order in which they came.
            let call = block_on(running.func(name).call_async(&[Val::S32(2)]));
            call.expect("the instance lives");
            assert_eq!(values(&running), [2], "{name}");
            running.call(name, &[3]).expect("the instance lives");
            assert_eq!(values(&running), [2, 3], "{name}");
        }
    });
}

#[test]
fn work_that_waits_for_a_worker_never_begins() {
    watched(|| {
        for kind in KINDS {
            let engine = engine(1);
            let component = plugin(&engine, kind);
            let (has, held) = channel();
            let (release, released) = channel::<()>();
            let released = std::sync::Mutex::new(released);
            let mut linker = Linker::<()>::new(&engine);
            let hold = move |_: Caller<'_, ()>, _: i32, _: i32| {
                has.send(()).expect("the test waits");
                let released = released.lock().expect("no panic under the lock");
                released.recv().expect("the test releases it");
                0
            };
            linker.module("env").func_wrap("register", hold).expect("a new name");
            let start = || linker.instantiate(&component, ()).expect("an instance");
            let (holder, other) = (start(), start());
            let init = holder.core_exports().get_typed_func::<(i32, i32), i32>("init");
            let init = init.expect("a core function");
            let grow = other
                .core_exports()
                .get_typed_func::<(), i32>("grow")
                .expect("a core function");
            std::thread::scope(|scope| {
                let call = scope.spawn(|| block_on(init.call_async(&holder, (0, 0))));
                held.recv().expect("`init` says that it has begun");
                let polled = block_on(poll_once(grow.call_async(&other, ())));
                assert!(polled.is_none(), "{polled:?}");
                release.send(()).expect("`init` waits");
                call.join().expect("no panic").expect("no trap");
            });
            let grow = || block_on(grow.call_async(&other, ())).expect("the instance lives");
            let before = [grow(), grow()];
            let (_, _, malloc) = items(&other);
            assert!(malloc.call(&other, 8).is_ok_and(|at| at > 0), "{kind:?}");
            assert_eq!(before, [before[0], before[0] + 1], "{kind:?}");
            let fresh = start();
            let first = fresh
                .core_exports()
                .get_typed_func::<(), i32>("grow")
                .expect("a core function");
            assert_eq!(first.call(&fresh, ()).expect("no trap"), before[0], "{kind:?}");
        }
    });
}

#[test]
fn a_call_that_waits_for_its_turn_never_begins() {
    watched(|| {
        let engine = OneWorker::new();
        let running = engine.start();
        let relay = running.func("relay-in-turn");
        std::thread::scope(|scope| {
            let call = scope.spawn(|| block_on(relay.call_async(&[Val::S32(1)])));
            assert_eq!(running.host.receive(0), 1);
            begin_and_drop(&running, "note-in-turn", 2);
            running.host.send(1, 0);
            call.join().expect("no panic").expect("no trap");
        });
        running.call("note-in-turn", &[3]).expect("the instance lives");
        assert_eq!(values(&running), [1, 3]);
    });
}

#[test]
fn a_call_that_has_begun_continues() {
    watched(|| {
        for name in ["relay", "relay-in-turn"] {
            let engine = OneWorker::new();
            let running = engine.start();
            let func = running.func(name);
            let arguments = [Val::S32(1)];
            {
                let mut call = std::pin::pin!(func.call_async(&arguments));
                assert!(block_on(poll_once(&mut call)).is_none());
                assert_eq!(running.host.receive(0), 1);
            }
            running.host.send(1, 0);
            let call = block_on(running.func("note-in-turn").call_async(&[Val::S32(2)]));
            call.expect("the instance lives");
            // Only calls that take turns end in their order.
            until(|| running.host.log().len() == 2);
            assert_eq!(running.host.sorted_values(), [1, 2], "{name}");
        }
    });
}
