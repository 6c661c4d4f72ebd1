//! How soon a child starts on an idle processor while its parent continues to compute.
//!
//! The parent reads a clock, spawns, and polls a cell of the shared memory until the child has written its own reading
//! there. It never blocks. If no other worker takes the child, it starts when the parent yields, after a millisecond or
//! two.

use crate::guest::{self, Guest};
use crate::{Figures, Row, Target, Unit, machine};
use anyhow::{Result, bail};
use std::thread::sleep;
use std::time::Duration;
use weft_parallel::Val;

const PROGRAM: &[u8] = include_bytes!("../programs/child_start.wat");
const SAMPLES: usize = 300;
/// How many threads are spawned and joined just before. It takes some milliseconds.
const BURST: i32 = 2_000;
/// After which no worker searches for work or watches another.
const PAUSE: Duration = Duration::from_millis(5);

/// A goal of the project, in seconds.
const START: Target = Target::AtMost(200e-6);

/// See the module.
///
/// # Errors
///
/// The program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let program = Guest::new(&guest::engine(machine::processors())?, PROGRAM)?;
    let fresh = (0..SAMPLES).map(|_| {
        sleep(PAUSE);
        sample(&program.instantiate(&[])?, 0)
    });
    let fresh = fresh.collect::<Result<Vec<_>>>()?;
    let instance = program.instantiate(&[])?;
    let alone = (0..SAMPLES).map(|_| {
        sleep(PAUSE);
        sample(&instance, 0)
    });
    let alone = alone.collect::<Result<Vec<_>>>()?;
    let after_burst = (0..SAMPLES).map(|_| sample(&instance, BURST));
    let after_burst = after_burst.collect::<Result<Vec<_>>>()?;
    let row = |name, samples: &[f64]| Row::new(name, Unit::Time, Figures::of(samples)).with_target(START);
    Ok(vec![
        row("first thread of a program", &fresh),
        row("after a pause", &alone),
        row("after a burst of spawn and join", &after_burst),
    ])
}

/// In seconds.
fn sample(instance: &weft_parallel::Instance<guest::Host>, burst: i32) -> Result<f64> {
    match guest::call(instance, "child-start", &[burst])? {
        Some(Val::S64(nanoseconds)) => Ok(nanoseconds as f64 / 1e9),
        other => bail!("`child-start` gives {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_starts_after_its_spawn() -> Result<()> {
        let program = Guest::new(&guest::engine(machine::processors())?, PROGRAM)?;
        let instance = program.instantiate(&[])?;
        assert!(sample(&instance, 0)? > 0.0);
        assert!(sample(&instance, 10)? > 0.0);
        Ok(())
    }
}
