//! Ending an instance from outside, with a reason, whatever its threads do.

use std::sync::Arc;

use weft_parallel::{Caller, EndHandle, EndReason, Error, Func, InstanceLimits, Linker};

use crate::support::{Host, Program, Running, WORKERS, call, component, engine, linker, until, watched};

/// `busy` is busy in the way of its argument and says so on gate 0; `spawn` starts a thread that is.
const CODE: &str = r#"
    (func $busy (type $start) (param $how i32)
        (call $send (i32.const 0) (local.get $how))
        (if (i32.eq (local.get $how) (i32.const 0)) (then
            (loop $spin (br_if $spin (i32.eqz (i32.atomic.load (i32.const 64)))))))
        (if (i32.eq (local.get $how) (i32.const 1)) (then
            (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1)))))
        (if (i32.eq (local.get $how) (i32.const 2)) (then (drop (call $receive (i32.const 7)))))
        (if (i32.eq (local.get $how) (i32.const 3)) (then
            (loop $fill
                (memory.fill (i32.const 64) (i32.const 0) (i32.const 0xfff0000))
                (br $fill))))
        (if (i32.eq (local.get $how) (i32.const 4)) (then (loop $yield (call $yield) (br $yield))))
        (if (i32.eq (local.get $how) (i32.const 5)) (then (drop (call $receive_blocking)))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $busy))
    (func (export "spawn") (type $unary) (param $how i32) (result i32) (call $spawn (i32.const 0) (local.get $how)))
    (func (export "busy") (type $start) (param $how i32) (call $busy (local.get $how)))
    (func (export "end") (type $get) (result i32) (call $end))
"#;

/// The ways: computing, waiting, in a host call that suspends, in a bulk instruction, yielding, and in a host call that blocks.
pub(crate) const BUSY: std::ops::Range<i32> = 0..6;

fn start(engine: &weft_parallel::Engine) -> Running {
    start_with(engine, &InstanceLimits::new()).expect("an instance")
}

pub(crate) fn start_with(engine: &weft_parallel::Engine, limits: &InstanceLimits) -> Result<Running, Error> {
    let program = Program {
        code: CODE,
        exports: &[
            ("spawn", "(param \"how\" s32) (result s32)"),
            ("busy", "(param \"how\" s32)"),
            ("end", "(result s32)"),
        ],
        imports: &[("receive_blocking", "(result i32)"), ("end", "(result i32)")],
        memory: "4096 4096",
    };
    let component = component(engine, &program.text());
    let mut linker: Linker<Arc<Host>> = linker(engine);
    let mut module = linker.module("host");
    // It returns when the test has ended the program.
    module
        .func_wrap_blocking(
            "receive_blocking",
            |caller: weft_parallel::BlockingCaller<Arc<Host>>, (): ()| caller.host().receive(6),
        )
        .expect("a new name");
    let ending = Arc::new(std::sync::OnceLock::<EndHandle>::new());
    let handle = Arc::clone(&ending);
    module
        .func_wrap("end", move |_: Caller<'_, Arc<Host>>| {
            let handle = handle.get().expect("the handle is set before the call");
            i32::from(handle.end("by a host function"))
        })
        .expect("a new name");
    let host = Host::new();
    let instance = linker.instantiate_with(&component, host.clone(), limits)?;
    ending.get_or_init(|| instance.end_handle());
    Ok(Running { instance, host })
}

fn assert_ended_by<R: std::fmt::Debug>(outcome: Result<R, Error>, reason: &str) {
    match outcome {
        Err(Error::EndedBy(EndReason::Host(text))) => assert_eq!(&*text, reason),
        other => panic!("not ended by the handle: {other:?}"),
    }
}

#[test]
fn a_handle_ends_all_threads_whatever_they_do_and_calls_say_why() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for how in BUSY {
                let Running { instance, host } = start(&engine);
                for _ in 0..2 {
                    call(&instance.get_func(&["spawn"]).expect("exported"), &[how]).expect("no trap");
                    host.receive(0);
                }
                let busy: Func<Arc<Host>> = instance.get_func(&["busy"]).expect("exported");
                let caller = std::thread::spawn({
                    let busy = busy.clone();
                    move || call(&busy, &[how])
                });
                host.receive(0);
                let handle = instance.end_handle();
                let from_elsewhere = handle.clone();
                let ended = std::thread::spawn(move || from_elsewhere.end("over quota"));
                assert!(ended.join().expect("no panic"), "{how}: it was running");
                assert!(!handle.end("again"), "the first reason counts");
                assert_ended_by(caller.join().expect("no panic"), "over quota");
                assert_ended_by(call(&busy, &[how]), "over quota");
                for _ in 0..3 {
                    host.send(6, 0);
                }
                drop(instance);
                until(|| Arc::strong_count(&host) == 1);
                assert!(!handle.end("too late"), "a handle does not keep the instance alive");
            }
        }
    });
}

#[test]
fn a_host_function_ends_its_own_program() {
    watched(|| {
        for workers in WORKERS {
            let Running { instance, host } = start(&engine(workers));
            let end: Func<Arc<Host>> = instance.get_func(&["end"]).expect("exported");
            assert_ended_by(call(&end, &[]), "by a host function");
            drop(instance);
            until(|| Arc::strong_count(&host) == 1);
        }
    });
}

#[test]
fn the_error_of_a_program_that_ended_before_stays() {
    watched(|| {
        let Running { instance, .. } = start(&engine(2));
        let end: Func<Arc<Host>> = instance.get_func(&["end"]).expect("exported");
        assert_ended_by(call(&end, &[]), "by a host function");
        assert!(!instance.end_handle().end("later"));
        let error = call(&end, &[]).expect_err("it has ended").to_string();
        assert_eq!(error, "the host ended the program: by a host function");
    });
}

#[test]
fn a_handle_can_be_shared_among_threads() {
    fn is_shareable<H: Clone + Send + Sync + 'static>(_: &H) {}
    watched(|| is_shareable(&start(&engine(1)).instance.end_handle()));
}
