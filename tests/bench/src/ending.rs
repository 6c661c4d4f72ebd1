//! How long it takes to end a program with a thousand blocked threads and two that spin.
//!
//! This measures two cases: one of the threads traps, until the call has returned the error and all threads are gone;
//! and the embedder ends the program, until that call returns.

use crate::blocked::PROGRAM;
use crate::guest::{self, Guest};
use crate::{Figures, Row, Target, Unit, machine};
use anyhow::{Result, bail};
use std::time::{Duration, Instant};
use weft_parallel::{Engine, Error};

const SAMPLES: usize = 20;
const BLOCKED: i32 = 1_000;
const SPINNING: i32 = 2;

/// A goal of the project, in seconds.
const END: Target = Target::AtMost(50e-3);

/// See the module.
///
/// # Errors
///
/// The program does not run, or does not end as it should.
pub fn measure() -> Result<Vec<Row>> {
    let engine = guest::engine(machine::processors())?;
    let program = Guest::new(&engine, PROGRAM)?;
    let traps = (0..SAMPLES)
        .map(|_| by_trap(&program, BLOCKED))
        .collect::<Result<Vec<_>>>()?;
    let ends = (0..SAMPLES)
        .map(|_| by_embedder(&engine, &program))
        .collect::<Result<Vec<_>>>()?;
    let row = |name, samples: &[Duration]| {
        let figures = Figures::of_durations(samples);
        Row::new(name, Unit::Time, figures).with_target(END)
    };
    Ok(vec![row("by a trap", &traps), row("by the embedder", &ends)])
}

fn by_trap(program: &Guest, blocked: i32) -> Result<Duration> {
    let instance = program.instantiate(&[])?;
    guest::call(&instance, "start", &[blocked, SPINNING])?;
    let outcome = guest::call(&instance, "trap", &[]);
    let end = Instant::now();
    match outcome.as_ref().map_err(|error| error.downcast_ref()) {
        Err(Some(Error::Trap(_))) => Ok(end - instance.host().mark()?),
        _ => bail!("the program should have trapped, and gave {outcome:?}"),
    }
}

fn by_embedder(engine: &Engine, program: &Guest) -> Result<Duration> {
    let instance = program.instantiate(&[])?;
    guest::call(&instance, "start", &[BLOCKED, SPINNING])?;
    let start = Instant::now();
    engine.block_on(instance.end_async())?;
    Ok(start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_traps_ends() -> Result<()> {
        let program = Guest::new(&guest::engine(machine::processors())?, PROGRAM)?;
        assert!(by_trap(&program, 3)? > Duration::ZERO);
        Ok(())
    }
}
