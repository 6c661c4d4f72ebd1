//! Operations on handles: two threads compared with one.
//!
//! All threads of a component instance use one handle table. Here, each thread has handles of its own, so two threads
//! should do twice as much in the same time if they do not contend in the table.

use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, guest, machine};
use anyhow::{Context, Result, bail, ensure};
use std::time::{Duration, Instant};
use weft_parallel::{Component, Func, Instance, Linker, Val};

const PROGRAM: &str = include_str!("../programs/handles.wat");
const ROUNDS: usize = 9;
/// What each of the two threads does.
const ITERATIONS: u32 = 500_000;
/// What a thread does, by the position of its function in the program's table.
const CASES: [&str; 3] = [
    "new, rep and drop",
    "new and drop with a destructor",
    "a call that lends",
];

/// A goal of the project, on two cores.
const SCALES: Target = Target::AtLeast(1.9);

/// See the module.
///
/// # Errors
///
/// The program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let instance = instance()?;
    let run = run_of(&instance)?;
    let mut rows = Vec::new();
    for (case, what) in CASES.iter().zip(0..) {
        let contenders: &mut [Contender<'_>] = &mut [
            Box::new(|| timed(&run, what, 1, 2 * ITERATIONS)),
            Box::new(|| timed(&run, what, 2, ITERATIONS)),
        ];
        let rounds = Rounds::run(ROUNDS, contenders)?.per(2 * ITERATIONS);
        rows.push(Row::new(format!("1 thread, {case}"), Unit::Time, rounds.times(0)));
        rows.push(Row::new(format!("2 threads, {case}"), Unit::Time, rounds.times(1)));
        let ratio = Row::new(format!("1 thread / 2 threads, {case}"), Unit::Ratio, rounds.ratio(0, 1));
        rows.push(match machine::processors().get() {
            1 => ratio,
            _ => ratio.with_target(SCALES),
        });
    }
    Ok(rows)
}

fn instance() -> Result<Instance<()>> {
    let engine = guest::engine(machine::processors())?;
    let component = Component::new(&engine, PROGRAM.as_bytes())?;
    Ok(Linker::new(&engine).instantiate(&component, ())?)
}

fn run_of(instance: &Instance<()>) -> Result<Func<()>> {
    instance.get_func(&["run"]).context("there is no `run`")
}

/// The time of all iterations.
fn timed(run: &Func<()>, what: u32, threads: u32, iterations: u32) -> Result<Duration> {
    let start = Instant::now();
    let found = sum(run, what, threads, iterations)?;
    ensure!(found == threads * iterations, "the threads found {found}");
    Ok(start.elapsed())
}

fn sum(run: &Func<()>, what: u32, threads: u32, iterations: u32) -> Result<u32> {
    match run.call(&[what, threads, iterations].map(Val::U32))? {
        Some(Val::U32(sum)) => Ok(sum),
        other => bail!("it gave {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_finds_its_own_resources() -> Result<()> {
        let instance = instance()?;
        let run = run_of(&instance)?;
        for (case, what) in CASES.iter().zip(0..) {
            for threads in [1, 2, 5] {
                let found = sum(&run, what, threads, 1000)?;
                ensure!(found == threads * 1000, "{case}, {threads} threads: {found}");
            }
        }
        Ok(())
    }
}
