//! How programs end without a failure: by the end of the command, by the embedder, by dropping.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use weft_parallel::{Caller, Error, Func};

use crate::support::{Host, Program, Running, WORKERS, call, component, engine, engine_with, linker, until, watched};

/// `spawn` starts a child that is busy in the way of its argument and says so on gate 0; `block` is so itself.
const CODE: &str = r#"
    (func $busy (type $start) (param $how i32)
        (call $send (i32.const 0) (local.get $how))
        (if (i32.eq (local.get $how) (i32.const 0)) (then
            (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1)))))
        (if (i32.eq (local.get $how) (i32.const 1)) (then
            (loop $spin (br_if $spin (i32.eqz (i32.atomic.load (i32.const 64)))))))
        (if (i32.eq (local.get $how) (i32.const 2)) (then (drop (call $receive (i32.const 7)))))
        (if (i32.eq (local.get $how) (i32.const 3)) (then
            (loop $yield (call $yield) (br_if $yield (i32.eqz (i32.atomic.load (i32.const 64)))))))
        (if (i32.eq (local.get $how) (i32.const 4)) (then
            (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const 0x7fffffffffffffff)))))
        (if (i32.eq (local.get $how) (i32.const 5)) (then
            (drop (call $spawn (i32.const 0) (i32.const 5)))
            (call $yield)))
        (if (i32.eq (local.get $how) (i32.const 6)) (then (drop (call $suspend))))
        (if (i32.eq (local.get $how) (i32.const 7)) (then (drop (call $new (i32.const 0) (i32.const 7))))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $busy))
    (func (export "spawn") (type $unary) (param $how i32) (result i32) (call $spawn (i32.const 0) (local.get $how)))
    (func (export "block") (type $start) (param $how i32) (call $busy (local.get $how)))
    (func (export "command") (type $unary) (param $how i32) (result i32)
        (drop (call $spawn (i32.const 0) (local.get $how)))
        (drop (call $receive (i32.const 0)))
        (i32.const 0))
"#;

const EXPORTS: &[(&str, &str)] = &[
    ("spawn", "(param \"how\" s32) (result s32)"),
    ("block", "(param \"how\" s32)"),
];

/// The ways of `$busy`. In way 5 each thread spawns another and ends; in 7 it leaves one that never runs.
const BUSY: std::ops::Range<i32> = 0..8;

#[test]
fn ending_an_instance_waits_until_its_threads_are_gone() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for how in BUSY {
                for _ in 0..10 {
                    let Running { instance, host } = busy(&engine, how);
                    instance.end().expect("no worker");
                    assert_eq!(Arc::strong_count(&host), 1, "nothing uses the host state any more");
                }
            }
        }
    });
}

#[test]
fn dropping_an_instance_ends_its_threads() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for how in BUSY {
                for _ in 0..10 {
                    let Running { instance, host } = busy(&engine, how);
                    drop(instance);
                    until(|| Arc::strong_count(&host) == 1);
                }
            }
        }
    });
}

/// A program with three busy threads.
fn busy(engine: &weft_parallel::Engine, how: i32) -> Running {
    let program = Running::start(engine, CODE, EXPORTS);
    for _ in 0..3 {
        program.call("spawn", &[how]).expect("no trap");
        program.host.receive(0);
    }
    program
}

#[test]
fn a_call_that_is_going_on_ends_with_its_instance() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for how in 0..5 {
                let Running { instance, host } = busy(&engine, how);
                let block: Func<Arc<Host>> = instance.get_func(&["block"]).expect("exported");
                let caller = std::thread::spawn(move || call(&block, &[how]));
                host.receive(0);
                drop(instance);
                let outcome = caller.join().expect("no panic");
                assert!(matches!(outcome, Err(Error::Ended)), "{how}: {outcome:?}");
                until(|| Arc::strong_count(&host) == 1);
            }
        }
    });
}

#[test]
fn a_function_that_outlives_its_instance_says_that_the_program_has_ended() {
    watched(|| {
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, EXPORTS);
            let spawn = program.func("spawn");
            drop(program);
            for _ in 0..3 {
                let outcome = call(&spawn, &[0]);
                assert!(matches!(outcome, Err(Error::Ended)), "{outcome:?}");
            }
        }
    });
}

#[test]
fn an_instance_keeps_its_engine() {
    watched(|| {
        let engine = engine(2);
        let program = Running::start(&engine, CODE, EXPORTS);
        drop(engine);
        assert_ne!(program.call("spawn", &[0]).expect("no trap"), 0);
        assert_eq!(program.host.receive(0), 0);
    });
}

/// The program as a command: `run` of `wasi:cli/run` spawns a busy child and ends in the way given.
fn command(busy: i32, ending: &str) -> String {
    let code = format!(
        "{CODE} (func (export \"run\") (type $get)
            (drop (call $spawn (i32.const 0) (i32.const {busy})))
            (drop (call $receive (i32.const 0)))
            {ending})"
    );
    let text = Program {
        code: &code,
        ..Program::default()
    }
    .text();
    let inside = text.strip_suffix(')').expect("the component's last parenthesis");
    format!(
        "{inside} (func $run (result (result)) (canon lift (core func $main \"run\")))
            (instance $cli (export \"run\" (func $run)))
            (export \"wasi:cli/run@0.2.6\" (instance $cli)))"
    )
}

// rule: TSK-09
#[test]
fn the_end_of_a_command_ends_its_threads_and_gives_its_status() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for busy in BUSY {
                for (ending, status) in [
                    ("(i32.const 0)", 0),
                    ("(i32.const 1)", 1),
                    ("(call $exit (i32.const 7)) (i32.const 0)", 7),
                    ("(call $exit_async (i32.const 0)) (i32.const 1)", 0),
                ] {
                    let Running { instance, host } = Running::new(&component(&engine, &command(busy, ending)));
                    assert_eq!(instance.run().expect("no trap"), status);
                    assert_eq!(Arc::strong_count(&host), 1, "nothing uses the host state any more");
                }
            }
        }
    });
}

#[test]
fn a_command_that_traps_gives_the_trap() {
    watched(|| {
        let engine = engine(2);
        for busy in BUSY {
            let Running { instance, host } = Running::new(&component(&engine, &command(busy, "unreachable")));
            let outcome = instance.run();
            assert!(matches!(outcome, Err(Error::Trap(_))), "{outcome:?}");
            until(|| Arc::strong_count(&host) == 1);
        }
    });
}

#[test]
fn a_component_that_is_no_command_says_so() {
    watched(|| {
        let program = Running::start(&engine(1), CODE, EXPORTS);
        assert!(matches!(program.instance.run(), Err(Error::NotACommand)));
        let prerelease = command(0, "(i32.const 0)").replace("run@0.2.6", "run@0.2.0-rc-2023-12-05");
        let program = Running::new(&component(&engine(1), &prerelease));
        assert!(matches!(program.instance.run(), Err(Error::NotACommand)));
    });
}

#[test]
fn of_several_versions_of_a_command_the_newest_is_run() {
    let command = |versions: [&str; 2]| {
        let exports = versions.map(|version| {
            let status = u8::from(version == "0.3.0");
            format!(
                "(func $run{status} (result (result)) (canon lift (core func $m \"{status}\")))
                (instance $run{status} (export \"run\" (func $run{status})))
                (export \"wasi:cli/run@{version}\" (instance $run{status}))"
            )
        });
        format!(
            "(component
                (core module $m
                    (func (export \"0\") (result i32) (i32.const 0))
                    (func (export \"1\") (result i32) (i32.const 1)))
                (core instance $m (instantiate $m))
                {})",
            exports.concat()
        )
    };
    watched(move || {
        for versions in [["0.2.0", "0.3.0"], ["0.3.0", "0.2.0"]] {
            let program = Running::new(&component(&engine(1), &command(versions)));
            assert_eq!(program.instance.run().expect("a command"), 1, "{versions:?}");
        }
    });
}

#[test]
fn a_thousand_blocked_threads_end() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine_with(workers, |config| {
                config.max_threads(2_000);
            });
            let component = component(
                &engine,
                &Program {
                    code: CODE,
                    exports: EXPORTS,
                    ..Program::default()
                }
                .text(),
            );
            let host = Host::new();
            let instance = linker(&engine)
                .instantiate(&component, host.clone())
                .expect("an instance");
            let spawn = instance.get_func(&["spawn"]).expect("exported");
            for thread in 0..1_000 {
                assert_ne!(call(&spawn, &[[0, 2, 4, 6, 7][thread % 5]]).expect("no trap"), 0);
            }
            drop(spawn);
            instance.end().expect("no worker");
            assert_eq!(Arc::strong_count(&host), 1);
        }
    });
}

/// Sets a flag when it is dropped.
struct SetsFlag(Arc<AtomicBool>);

impl Drop for SetsFlag {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_call_that_is_in_a_host_function_when_the_program_ends_has_no_result() {
    watched(|| {
        // A thread is dropped, in `held`, when the program has ended. Only then `stay` returns, and `run` with it.
        const CODE: &str = r#"
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $held_child) (ref.func $failing_child))
            (func $held_child (type $start) (param i32) (call $held))
            (func $failing_child (type $start) (param $how i32)
                (drop (call $receive (i32.const 1)))
                (if (local.get $how) (then (call $exit (i32.const 42))))
                unreachable)
            (func (export "run") (type $unary) (param $how i32) (result i32)
                (drop (call $spawn (i32.const 0) (i32.const 0)))
                (drop (call $receive (i32.const 0)))
                (drop (call $spawn (i32.const 1) (local.get $how)))
                (call $stay)
                (i32.const 7))"#;
        for workers in [2, 8] {
            let engine = engine(workers);
            let program = Program {
                code: CODE,
                exports: &[("run", "(param \"how\" s32) (result s32)")],
                imports: &[("held", ""), ("stay", "")],
                ..Program::default()
            };
            let component = component(&engine, &program.text());
            for how in [0, 1] {
                let ended = Arc::new(AtomicBool::new(false));
                let mut linker = linker(&engine);
                let mut module = linker.module("host");
                let dropped = Arc::clone(&ended);
                module
                    .func_wrap_async("held", move |caller: Caller<'_, Arc<Host>>, (): ()| {
                        let (host, flag) = (Arc::clone(caller.data().host()), SetsFlag(Arc::clone(&dropped)));
                        Box::new(async move {
                            host.send(0, 0);
                            std::future::pending::<()>().await;
                            drop(flag);
                        })
                    })
                    .expect("a new name");
                let seen = Arc::clone(&ended);
                let stay = move |caller: Caller<'_, Arc<Host>>| {
                    caller.data().host().send(1, 0);
                    until(|| seen.load(Ordering::SeqCst));
                };
                module.func_wrap("stay", stay).expect("a new name");
                let instance = linker.instantiate(&component, Host::new()).expect("an instance");
                let run = instance.get_func(&["run"]).expect("exported");
                for _ in 0..2 {
                    match call(&run, &[how]) {
                        Err(Error::Trap(trap)) => assert_eq!((how, trap.thread()), (0, Some(3))),
                        Err(Error::Exit(code)) => assert_eq!((how, code), (1, 42)),
                        other => panic!("{other:?}"),
                    }
                }
            }
        }
    });
}
