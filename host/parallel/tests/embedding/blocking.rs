//! Host functions that block. Meanwhile, all workers run other guest threads, of the same program or of others.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Barrier, Mutex};

use weft_parallel::{BlockingCaller, Component, Engine, Error, Exit, Linker};

use crate::support::{Host, Program, Running, WORKERS, component, engine, linker, watched};

const CODE: &str = r#"
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func $child (type $start) (param $n i32)
        (call $log (call $block (local.get $n)))
        (call $finish))
    (func (export "run") (type $start) (param $threads i32) (local $n i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (loop $each
            (drop (call $spawn (i32.const 0) (local.get $n)))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if $each (i32.ne (local.get $n) (local.get $threads))))
        (call $join (local.get $threads)))
    (func (export "block") (type $unary) (param i32) (result i32) (call $block (local.get 0)))
"#;

fn program(engine: &Engine) -> Component {
    let program = Program {
        code: CODE,
        exports: &[
            ("run", "(param \"threads\" s32)"),
            ("block", "(param \"n\" s32) (result s32)"),
        ],
        imports: &[("block", "(param i32) (result i32)")],
        ..Program::default()
    };
    component(engine, &program.text())
}

type BlockingHost = BlockingCaller<Arc<Host>>;

fn start<R: wasmtime::WasmRet + Send + 'static>(
    component: &Component,
    block: impl Fn(BlockingHost, (i32,)) -> R + Send + Sync + 'static,
) -> Running {
    let mut linker: Linker<Arc<Host>> = linker(component.engine());
    linker
        .module("host")
        .func_wrap_blocking("block", block)
        .expect("a new name");
    let host = Host::new();
    let instance = linker.instantiate(component, host.clone()).expect("an instance");
    Running { instance, host }
}

/// One program has a blocking host function for each worker and one more, and none of these returns before another program has
/// run to its end, with threads.
#[test]
fn blocking_functions_on_all_workers_do_not_stall_another_program() {
    watched(|| {
        for workers in WORKERS {
            let component = program(&engine(workers));
            let threads = workers + 1;
            let (entered, entries) = channel();
            let (releases, released) = channel::<()>();
            let released: Mutex<Receiver<()>> = Mutex::new(released);
            let blocked = start(&component, move |_, (n,)| {
                entered.send(n).expect("the test waits for it");
                released
                    .lock()
                    .expect("no panic under the lock")
                    .recv()
                    .expect("the test sends it");
                n
            });
            let other = start(&component, |_, (n,)| n + 100);
            let run = std::thread::spawn(move || {
                blocked.call("run", &[threads as i32]).expect("no trap");
                blocked.host.sorted_values()
            });
            assert_eq!(entries.iter().take(threads).count(), threads);
            other.call("run", &[20]).expect("no trap");
            assert_eq!(other.host.sorted_values(), (100..120).collect::<Vec<_>>());
            assert!(!run.is_finished());
            (0..threads).for_each(|_| releases.send(()).expect("each receives"));
            let values = run.join().expect("no panic");
            assert_eq!(values, (0..threads as i32).collect::<Vec<_>>());
        }
    });
}

#[test]
fn blocking_functions_of_many_threads_meet() {
    watched(|| {
        for workers in WORKERS {
            let component = program(&engine(workers));
            let barrier = Barrier::new(20);
            let program = start(&component, move |_, (n,)| {
                barrier.wait();
                n
            });
            for _ in 0..3 {
                program.call("run", &[20]).expect("no trap");
            }
            assert_eq!(program.host.log().len(), 60);
        }
    });
}

#[test]
fn a_blocking_function_sees_the_thread_and_its_memory() {
    watched(|| {
        let component = program(&engine(2));
        let program = start(&component, |caller: BlockingHost, (n,)| -> wasmtime::Result<i32> {
            caller.memory()?.write(64, &n.to_le_bytes())?;
            caller.host().send(0, n);
            Ok(caller.index() as i32)
        });
        assert_eq!(
            program.call("block", &[5]).expect("no trap"),
            1,
            "the index of the call's thread"
        );
        assert_eq!(program.host.receive(0), 5);
    });
}

#[test]
fn errors_and_panics_of_blocking_functions_end_the_program() {
    watched(|| {
        let component = program(&engine(2));
        let exits = start(&component, |_, (n,)| Err::<i32, wasmtime::Error>(Exit(n).into()));
        let exited = exits.call("block", &[9]);
        assert!(matches!(exited, Err(Error::Exit(9))), "{exited:?}");
        let panics = start(&component, |_, (_,)| -> i32 { panic!("a host function's own fault") });
        let panicked = panics.call("block", &[9]);
        assert!(matches!(panicked, Err(Error::HostPanic(Some(1)))), "{panicked:?}");
    });
}

/// The program is gone while its host function still blocks.
#[test]
fn a_program_ends_while_a_host_function_blocks() {
    watched(|| {
        for workers in WORKERS {
            let component = program(&engine(workers));
            let (entered, entries) = channel();
            let (releases, released) = channel::<()>();
            let released = Mutex::new(released);
            let program = start(&component, move |_, (n,)| {
                let _ = entered.send(());
                let _ = released.lock().expect("no panic under the lock").recv();
                n
            });
            let block = program.func("block");
            let call = std::thread::spawn(move || crate::support::call(&block, &[1]));
            entries.recv().expect("it enters");
            program.instance.end().expect("no worker");
            let outcome = call.join().expect("no panic");
            assert!(matches!(outcome, Err(Error::Ended)), "{outcome:?}");
            drop(releases);
        }
    });
}
