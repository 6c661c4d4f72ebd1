//! Commands whose `run` has returned its result while threads go on: they end, wait for the host, or are stuck.

use crate::engine;
use weft_cooperative::wasmtime_wasi::WasiCtx;
use weft_cooperative::{Error, Host, Profile, compile, in_tokio, instantiate, run};

/// Another component, whose functions the command can call without waiting for them.
const CALLEE: &str = r#"(component $callee
    (import "wait-for" (func $wait-for async (param "how-long" u64)))
    (import "exit" (func $exit (param "status-code" u8)))
    (core func $wait-for (canon lower (func $wait-for)))
    (core func $exit (canon lower (func $exit)))
    (core func $suspend (canon thread.suspend))
    (core module $m
        (import "" "wait-for" (func $wait-for (param i64)))
        (import "" "exit" (func $exit (param i32)))
        (import "" "suspend" (func $suspend (result i32)))
        (func (export "never") (drop (call $suspend)))
        (func (export "sleeps") (call $wait-for (i64.const 1000000)) (call $exit (i32.const 7))))
    (core instance $m (instantiate $m (with "" (instance
        (export "wait-for" (func $wait-for))
        (export "exit" (func $exit))
        (export "suspend" (func $suspend))))))
    (func (export "never") async (canon lift (core func $m "never") async))
    (func (export "sleeps") async (canon lift (core func $m "sleeps") async)))"#;

/// What the program and the command in it import from the host.
const IMPORTS: &str = r#"
    (import "wasi:cli/exit@0.3.0" (instance $exit (export "exit-with-code" (func (param "status-code" u8)))))
    (import "wasi:clocks/monotonic-clock@0.3.0" (instance $clock
        (export "wait-for" (func async (param "how-long" u64)))))
    (import "wasi:io/poll@0.2.0" (instance $poll
        (export "pollable" (type $p (sub resource)))
        (export "[method]pollable.block" (func (param "self" (borrow $p))))))
    (alias export $poll "pollable" (type $pollable))
    (import "wasi:clocks/monotonic-clock@0.2.0" (instance $old-clock
        (alias outer 1 $pollable (type $p0))
        (export "pollable" (type $p (eq $p0)))
        (export "subscribe-duration" (func (param "when" u64) (result (own $p))))))"#;

/// A program whose command of WASI 0.3 has this code as the body of `run`. The command can wait for the host in the ways of 0.2 and of 0.3.
fn command(body: &str) -> String {
    format!(
        r#"(component
            {IMPORTS}
            {CALLEE}
            (instance $callee (instantiate $callee
                (with "wait-for" (func $clock "wait-for"))
                (with "exit" (func $exit "exit-with-code"))))
            (component $command
                {IMPORTS}
                (import "never" (func $never async))
                (import "sleeps" (func $sleeps async))
                (core module $memory (memory (export "m") 1))
                (core instance $memory (instantiate $memory))
                (core func $exit (canon lower (func $exit "exit-with-code")))
                (core func $return (canon task.return (result (result))))
                (core func $suspend (canon thread.suspend))
                (core func $set (canon waitable-set.new))
                (core func $wait (canon waitable-set.wait (memory $memory "m")))
                (core func $wait-for (canon lower (func $clock "wait-for")))
                (core func $start-timer (canon lower (func $clock "wait-for") async))
                (core func $subscribe (canon lower (func $old-clock "subscribe-duration")))
                (core func $block (canon lower (func $poll "[method]pollable.block")))
                (core func $never (canon lower (func $never) async))
                (core func $sleeps (canon lower (func $sleeps) async))
                (core module $m
                    (import "" "exit" (func $exit (param i32)))
                    (import "" "return" (func $return (param i32)))
                    (import "" "suspend" (func $suspend (result i32)))
                    (import "" "set" (func $set (result i32)))
                    (import "" "wait" (func $wait (param i32 i32) (result i32)))
                    (import "" "wait-for" (func $wait-for (param i64)))
                    (import "" "start-timer" (func $start-timer (param i64) (result i32)))
                    (import "" "subscribe" (func $subscribe (param i64) (result i32)))
                    (import "" "block" (func $block (param i32)))
                    (import "" "never" (func $never (result i32)))
                    (import "" "sleeps" (func $sleeps (result i32)))
                    (func (export "run") (local $count i32) {body}))
                (core instance $m (instantiate $m (with "" (instance
                    (export "exit" (func $exit))
                    (export "return" (func $return))
                    (export "suspend" (func $suspend))
                    (export "set" (func $set))
                    (export "wait" (func $wait))
                    (export "wait-for" (func $wait-for))
                    (export "start-timer" (func $start-timer))
                    (export "subscribe" (func $subscribe))
                    (export "block" (func $block))
                    (export "never" (func $never))
                    (export "sleeps" (func $sleeps))))))
                (func (export "run") async (result (result)) (canon lift (core func $m "run") async)))
            (instance $command (instantiate $command
                (with "wasi:cli/exit@0.3.0" (instance $exit))
                (with "wasi:clocks/monotonic-clock@0.3.0" (instance $clock))
                (with "wasi:io/poll@0.2.0" (instance $poll))
                (with "wasi:clocks/monotonic-clock@0.2.0" (instance $old-clock))
                (with "never" (func $callee "never"))
                (with "sleeps" (func $callee "sleeps"))))
            (instance $run (export "run" (func $command "run")))
            (export "wasi:cli/run@0.3.0" (instance $run)))"#
    )
}

fn status(body: &str) -> Result<i32, Error> {
    let engine = engine();
    let component = compile(&engine, command(body).as_bytes(), Profile::Full)?;
    let linker = Host::linker(&engine, false)?;
    let mut store = Host::new(WasiCtx::builder().build()).into_store(&engine);
    in_tokio(async {
        let instance = instantiate(&linker, &mut store, &component).await?;
        run(&mut store, &instance).await
    })?
}

const RETURN: &str = "(call $return (i32.const 0))";

#[test]
fn threads_that_are_stuck_are_reported() {
    for body in [
        "(drop (call $suspend))",
        "(drop (call $wait (call $set) (i32.const 0)))",
        // The timer's end wakes nobody.
        "(drop (call $start-timer (i64.const 1000000))) (drop (call $suspend))",
        // The thread ends, and leaves a task that is stuck.
        "(drop (call $never))",
        "(drop (call $never)) (call $wait-for (i64.const 1000000))",
    ] {
        match status(&format!("{RETURN} {body}")) {
            Err(Error::Trap(trap)) => assert_eq!(trap.code(), Some(wasmtime::Trap::AsyncDeadlock), "{body}"),
            outcome => panic!("{outcome:?}: {body}"),
        }
    }
}

/// Each of many short waits could be taken for a deadlock.
#[test]
fn threads_that_wait_for_the_host_go_on() {
    let often = |wait: &str| {
        format!(
            "(loop $again
                {wait}
                (br_if $again (i32.lt_u
                    (local.tee $count (i32.add (local.get $count) (i32.const 1)))
                    (i32.const 200))))
            (call $exit (i32.const 7))"
        )
    };
    for body in [
        often("(call $wait-for (i64.const 10000))"),
        often("(call $block (call $subscribe (i64.const 10000)))"),
        // The task that is left ends the program.
        "(drop (call $sleeps))".to_owned(),
        "(drop (call $never)) (drop (call $sleeps)) (drop (call $suspend))".to_owned(),
    ] {
        match status(&format!("{RETURN} {body}")) {
            Ok(status) => assert_eq!(status, 7, "{body}"),
            Err(error) => panic!("{error}: {body}"),
        }
    }
}
