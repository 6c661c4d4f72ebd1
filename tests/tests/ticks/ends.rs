//! An endless program ends within 50 milliseconds, whatever its threads do. The test measures the processor time of
//! the process, so other processes on the machine do not matter.

use super::{compile, engine, watched};
use anyhow::{Context, Result, ensure};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;
use weft_parallel::Val;

/// The goal of the project.
const END: Duration = Duration::from_millis(50);
const WORKERS: u32 = 2;
/// The default of `Config::time_slice`.
const TIME_SLICE: Duration = Duration::from_millis(1);

/// What the threads do. Each line is the body of an endless loop. `$n` is a number that changes.
const KERNELS: &[(&str, &str)] = &[
    ("nothing", ""),
    (
        "integers",
        "(local.set $n (i32.rotl (i32.mul (local.get $n) (i32.const 1664525)) (i32.const 7)))",
    ),
    (
        "floats",
        "(local.set $x (f64.sqrt (f64.add (local.get $x) (f64.const 1))))",
    ),
    ("calls", "(local.set $n (call $fib (i32.const 20)))"),
    (
        "calls through a table",
        "(local.set $n (call_indirect (type $f) (i32.const 5) (i32.const 0)))",
    ),
    (
        "memory",
        "(i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))",
    ),
    ("atomics", "(drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))"),
    (
        "notifications of nobody",
        "(drop (memory.atomic.notify (i32.const 64) (i32.const 1)))",
    ),
    (
        "waits that do not",
        "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 9) (i64.const -1)))",
    ),
    (
        "filling",
        "(memory.fill (i32.const 65536) (i32.const 1) (i32.const 0x4000000))",
    ),
    (
        "copying",
        "(memory.copy (i32.const 65536) (i32.const 70000) (i32.const 0x4000000))",
    ),
    (
        "calls of the host",
        "(drop (call $clock (i32.const 1) (i64.const 0) (i32.const 8)))",
    ),
];

fn module(kernel: &str) -> String {
    format!(
        r#"(module
            (import "env" "memory" (memory 2048 2048 shared))
            (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
            (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
            (type $f (func (param i32) (result i32)))
            (table 1 1 funcref)
            (elem (i32.const 0) func $fib)
            (func $fib (type $f)
                (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
                    (then (local.get 0))
                    (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                        (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
            (func (export "wasi_thread_start") (param i32 i32) (local $n i32) (local $x f64)
                (drop (i32.atomic.rmw.add (i32.const 32) (i32.const 1)))
                (drop (memory.atomic.notify (i32.const 32) (i32.const 1)))
                (loop $again {kernel} (br $again)))
            ;; Returns when both threads run.
            (func (export "begin") (local $running i32)
                (drop (call $spawn (i32.const 0)))
                (drop (call $spawn (i32.const 0)))
                (loop $again
                    (if (i32.lt_u (local.tee $running (i32.atomic.load (i32.const 32))) (i32.const {WORKERS}))
                        (then
                            (drop (memory.atomic.wait32 (i32.const 32) (local.get $running) (i64.const -1)))
                            (br $again))))))"#
    )
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

#[test]
fn endless_threads_end_within_50_milliseconds() -> Result<()> {
    watched(120, || {
        let engine = engine(WORKERS as usize, TIME_SLICE)?;
        let linker = super::linker(&engine)?;
        for (name, kernel) in KERNELS {
            let component = compile(&engine, module(kernel).as_bytes())?;
            let instance = linker.instantiate(&component, weft_wasi::WasiCtxBuilder::new().build()?)?;
            let begin = instance.get_func(&["begin"]).context("`begin` is not exported")?;
            ensure!(begin.call(&[] as &[Val])?.is_none());
            let before = processor_time();
            instance.end()?;
            let used = processor_time() - before;
            ensure!(used <= END * WORKERS, "{name}: the end took {used:?} of processor time");
        }
        Ok(())
    })
}
