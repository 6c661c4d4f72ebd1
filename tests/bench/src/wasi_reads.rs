//! Two threads that read, against one that reads the same: two files, and two halves of one file through one descriptor.
//!
//! The files are in the page cache, so what is measured is copying, which two cores can do at once if no call keeps another
//! waiting.

use crate::guest::{self, Guest, Host};
use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, machine};
use anyhow::{Result, ensure};
use std::fs;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use weft_parallel::{Instance, Val};

const PROGRAM: &[u8] = include_bytes!("../programs/wasi_parallel_reads.wat");
const ROUNDS: usize = 15;
const FILE: usize = 100 << 20;

/// A goal of the project.
const TOGETHER: Target = Target::AtMost(0.6);

/// What the two threads read.
#[derive(Clone, Copy)]
enum Parts {
    /// A file each.
    Files,
    /// Half of the first file each.
    Halves,
}

/// See the module.
///
/// # Errors
///
/// The program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let (_dir, program) = instance(FILE)?;
    let mut rows = Vec::new();
    for (what, parts) in [("two files", Parts::Files), ("halves of a file", Parts::Halves)] {
        let contenders: &mut [Contender<'_>] = &mut [
            Box::new(|| read(&program, parts, true, FILE)),
            Box::new(|| read(&program, parts, false, FILE)),
        ];
        let rounds = Rounds::run(ROUNDS, contenders)?;
        rows.extend([
            Row::new(format!("{what}, at once"), Unit::Time, rounds.times(0)),
            Row::new(format!("{what}, one after the other"), Unit::Time, rounds.times(1)),
            Row::new(
                format!("{what}, at once / one after the other"),
                Unit::Ratio,
                rounds.ratio(0, 1),
            )
            .with_target(TOGETHER),
        ]);
    }
    Ok(rows)
}

/// The program, with two files of `length` bytes.
fn instance(length: usize) -> Result<(TempDir, Instance<Host>)> {
    let dir = TempDir::new()?;
    for name in ["0", "1"] {
        fs::write(dir.path().join(name), vec![b'x'; length])?;
    }
    let engine = guest::engine(machine::processors())?;
    let instance = Guest::new(&engine, PROGRAM)?.instantiate_on(Host::with_dir(dir.path())?)?;
    Ok((dir, instance))
}

fn read(program: &Instance<Host>, parts: Parts, at_once: bool, length: usize) -> Result<Duration> {
    let (half, total) = match parts {
        Parts::Files => (0, 2 * length),
        Parts::Halves => (length / 2, length),
    };
    let start = Instant::now();
    let count = guest::call(program, "read", &[at_once.into(), half as i32])?;
    let time = start.elapsed();
    ensure!(
        count == Some(Val::S32(total as i32)),
        "of {total} bytes it read {count:?}"
    );
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_read_once() -> Result<()> {
        let length = 4 << 16;
        let (_dir, program) = instance(length)?;
        for parts in [Parts::Files, Parts::Halves] {
            for at_once in [true, false] {
                read(&program, parts, at_once, length)?;
            }
        }
        Ok(())
    }
}
