//! Spawning a thread and joining it, again and again, compared with OS threads and tokio tasks.
//!
//! The guest is a C program that gives each thread a stack and thread-local variables, as a C library would. The others
//! only spawn and join. On tokio, the loop runs in a task, like the guest's main thread, and once more on a thread
//! outside the runtime, so that each task starts on another thread than its parent.

use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, guest, machine};
use anyhow::{Result, anyhow};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

const PROGRAM: &[u8] = include_bytes!("../../programs/spawn_join_c.wasm");
const ROUNDS: usize = 7;
const GUEST_THREADS: u32 = 50_000;
const SYSTEM_THREADS: u32 = 2_000;
const TASKS: u32 = 10_000;

/// A goal of the project.
const TIMES_FASTER: Target = Target::AtLeast(50.0);

/// See the module.
///
/// # Errors
///
/// Something does not run.
pub fn measure() -> Result<Vec<Row>> {
    let all = machine::processors();
    let runtime = tokio_runtime(all)?;
    let contenders: &mut [Contender<'_>] = &mut [
        guest_threads(all)?,
        guest_threads(NonZeroUsize::MIN)?,
        Box::new(system_threads),
        Box::new(|| runtime.block_on(runtime.spawn(tokio_tasks()))?),
        Box::new(|| runtime.block_on(tokio_tasks())),
    ];
    let rounds = Rounds::run(ROUNDS, contenders)?;
    let time = |name: String, contender| Row::new(name, Unit::Time, rounds.times(contender));
    let ratio = |name: String, more, less| Row::new(name, Unit::Ratio, rounds.ratio(more, less));
    Ok(vec![
        time(format!("weft, {all} workers"), 0),
        time("weft, 1 worker".to_owned(), 1),
        time("std::thread".to_owned(), 2),
        time(format!("tokio::spawn in a task, {all} workers"), 3),
        time(format!("tokio::spawn outside, {all} workers"), 4),
        ratio(format!("std::thread / weft, {all} workers"), 2, 0).with_target(TIMES_FASTER),
        ratio("std::thread / weft, 1 worker".to_owned(), 2, 1),
        ratio(format!("tokio::spawn in a task / weft, {all} workers"), 3, 0),
        ratio(format!("tokio::spawn outside / weft, {all} workers"), 4, 0),
    ])
}

fn guest_threads(workers: NonZeroUsize) -> Result<Contender<'static>> {
    let program = guest::Guest::new(&guest::engine(workers)?, PROGRAM)?;
    Ok(Box::new(move || {
        let instance = program.instantiate(&["spawn_join_c", &GUEST_THREADS.to_string()])?;
        let start = Instant::now();
        guest::run(instance)?;
        Ok(start.elapsed() / GUEST_THREADS)
    }))
}

fn system_threads() -> Result<Duration> {
    let start = Instant::now();
    for _ in 0..SYSTEM_THREADS {
        let thread = std::thread::Builder::new().spawn(|| ())?;
        thread.join().map_err(|_| anyhow!("a thread panicked"))?;
    }
    Ok(start.elapsed() / SYSTEM_THREADS)
}

fn tokio_runtime(workers: NonZeroUsize) -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(workers.get()).build()
}

async fn tokio_tasks() -> Result<Duration> {
    let start = Instant::now();
    for _ in 0..TASKS {
        tokio::spawn(async {}).await?;
    }
    Ok(start.elapsed() / TASKS)
}
