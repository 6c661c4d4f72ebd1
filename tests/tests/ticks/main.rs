//! Programs whose threads are interrupted every 20 microseconds, a fiftieth of the usual time slice.
//!
//! An engine interrupts a thread only if another one waits for its worker. So an endless program runs on the same engine, and takes its
//! turn all the time. On one worker, a program can only end here if the endless one is interrupted.
//!
//! `cargo test --release -p weft-tests --test ticks -- --ignored` runs the programs ten thousand times. The variable `WEFT_RUNS` sets
//! another number.

mod ends;
mod programs;

use anyhow::{Context, Result, anyhow};
use programs::programs;
use std::num::NonZeroUsize;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use weft_parallel::{Component, Config, Engine, Instance, Linker};
use weft_wasi::WasiCtx;

const TICK: Duration = Duration::from_micros(20);

/// Each worker has an endless thread.
const WORKERS: [usize; 2] = [1, 2];

/// The endless program.
const CROWD: &[u8] = br#"(module
    (import "env" "memory" (memory 1 1 shared))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (func (export "wasi_thread_start") (param i32 i32) (loop $again (br $again)))
    (func (export "begin") (param $threads i32)
        (loop $next
            (if (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0)) (then (unreachable)))
            (br_if $next (local.tee $threads (i32.sub (local.get $threads) (i32.const 1)))))))"#;

fn engine(workers: usize, time_slice: Duration) -> Result<Engine> {
    let workers = NonZeroUsize::new(workers).context("no workers")?;
    Ok(Engine::new(Config::new().workers(workers).time_slice(time_slice))?)
}

fn compile(engine: &Engine, module: &[u8]) -> Result<Component> {
    let module = weft_lower::to_binary(module)?;
    Ok(Component::new(engine, &weft_adapt::adapt(&module)?)?)
}

fn linker(engine: &Engine) -> Result<Linker<WasiCtx>> {
    let mut linker = Linker::new(engine);
    weft_wasi::add_to_linker(&mut linker, |wasi: &WasiCtx| wasi)?;
    Ok(linker)
}

/// Starts so many endless threads. They end with the instance.
fn crowd(engine: &Engine, threads: usize) -> Result<Instance<()>> {
    let component = compile(engine, CROWD)?;
    let instance = Linker::new(engine).instantiate(&component, ())?;
    let begin = instance.get_func(&["begin"]).context("`begin` is not exported")?;
    begin.call(&[weft_parallel::Val::S32(i32::try_from(threads)?)])?;
    Ok(instance)
}

/// Runs the programs in turn, so many times together.
fn run(workers: usize, runs: usize) -> Result<()> {
    let engine = engine(workers, TICK)?;
    let programs = programs();
    let compiled = programs.iter().map(|program| compile(&engine, &program.module()?));
    let compiled = compiled.collect::<Result<Vec<_>>>()?;
    let linker = linker(&engine)?;
    let crowd = crowd(&engine, workers)?;
    for (number, (program, component)) in programs.iter().zip(&compiled).cycle().take(runs).enumerate() {
        let checked = program.check(&linker, component);
        checked.with_context(|| format!("{program}, on {workers} workers, run {number}"))?;
    }
    Ok(crowd.end()?)
}

/// Runs a test alone in this process, and fails it where it would hang.
fn watched(seconds: u64, test: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    static RUNNING: Mutex<()> = Mutex::new(());
    let _running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let (finished, on_finished) = channel::<()>();
    let thread = std::thread::spawn(move || {
        let _finished = finished;
        test()
    });
    match on_finished.recv_timeout(Duration::from_secs(seconds)) {
        Err(RecvTimeoutError::Timeout) => Err(anyhow!("the test hangs")),
        _ => thread.join().map_err(|_| anyhow!("the test panicked"))?,
    }
}

#[test]
fn programs_do_the_same_with_a_tick_every_20_microseconds() -> Result<()> {
    watched(300, || {
        WORKERS
            .into_iter()
            .try_for_each(|workers| run(workers, programs().len()))
    })
}

#[test]
#[ignore = "runs for many minutes"]
fn ten_thousand_runs() -> Result<()> {
    let runs = match std::env::var("WEFT_RUNS") {
        Ok(runs) => runs.parse()?,
        Err(_) => 10_000,
    };
    watched(24 * 3600, move || {
        WORKERS
            .into_iter()
            .try_for_each(|workers| run(workers, runs / WORKERS.len()))
    })
}
