//! Merge sort on two threads against one, and on one thread against plain Wasmtime.

use crate::guest::{self, Guest};
use crate::plain::Plain;
use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, machine};
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};

const PROGRAM: &[u8] = include_bytes!("../../programs/sort.wasm");
const ROUNDS: usize = 7;
const ITEMS: u32 = 10_000_000;

/// Goals of the project.
const SPEED_UP: Target = Target::AtLeast(1.85);
const OVERHEAD: Target = Target::AtMost(1.05);

/// See the module.
///
/// # Errors
///
/// The program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let weft = Guest::new(&guest::engine(machine::processors())?, PROGRAM)?;
    let plain = Plain::new(PROGRAM)?;
    let contenders: &mut [Contender<'_>] = &mut [
        Box::new(|| Ok(on_weft(&weft, 1, ITEMS)?.0)),
        Box::new(|| Ok(on_weft(&weft, 2, ITEMS)?.0)),
        Box::new(|| Ok(on_plain(&plain, ITEMS)?.0)),
    ];
    let rounds = Rounds::run(ROUNDS, contenders)?;
    let time = |name, contender| Row::new(name, Unit::Time, rounds.times(contender));
    let ratio = |name, more, less| Row::new(name, Unit::Ratio, rounds.ratio(more, less));
    Ok(vec![
        time("weft, 1 thread", 0),
        time("weft, 2 threads", 1),
        time("plain Wasmtime, 1 thread", 2),
        ratio("weft, 1 thread / 2 threads", 0, 1).with_target(SPEED_UP),
        ratio("weft / plain Wasmtime, 1 thread", 0, 2).with_target(OVERHEAD),
    ])
}

/// How long it took, and what the program wrote.
type Run = (Duration, Vec<u8>);

fn on_weft(program: &Guest, threads: u32, items: u32) -> Result<Run> {
    let instance = program.instantiate(&["sort", &threads.to_string(), &items.to_string()])?;
    let output = instance.host().output();
    let start = Instant::now();
    guest::run(instance)?;
    checked(start.elapsed(), output.contents())
}

fn on_plain(program: &Plain, items: u32) -> Result<Run> {
    let (time, output) = program.run(&["sort", "1", &items.to_string()])?;
    checked(time, output)
}

fn checked(time: Duration, output: Vec<u8>) -> Result<Run> {
    ensure!(
        output.starts_with(b"sorted"),
        "the program wrote `{}`",
        output.escape_ascii()
    );
    Ok((time, output))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_and_any_number_of_threads_give_the_same() -> Result<()> {
        let weft = Guest::new(&guest::engine(machine::processors())?, PROGRAM)?;
        let (_, one) = on_weft(&weft, 1, 1000)?;
        let (_, two) = on_weft(&weft, 2, 1000)?;
        let (_, plain) = on_plain(&Plain::new(PROGRAM)?, 1000)?;
        assert_eq!(one, two);
        assert_eq!(one, plain);
        Ok(())
    }
}
