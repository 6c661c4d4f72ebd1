//! Threads that hand over to each other, compared with native threads: the same C program, once for weft, and once
//! compiled by this machine's C compiler with its pthreads.
//!
//! The program measures its own time, from the start of its first thread; a barrier makes all threads start together.
//! It has its own heap, so that both versions run the same code. `CC` names the compiler; Rust needs one too, as its
//! linker.
//!
//! The two threads with one mutex run for some two hundred milliseconds. Native threads do not spin for a mutex: while
//! one sleeps, the other has the cache line to itself, and needs a third of the time for a critical section. How long
//! they sleep differs from run to run: native threads took 9 to 58 ms for 400,000 sections.
//!
//! Rejected: `std::sync::Mutex` for the native side (another algorithm than that of the C library's mutex); a native program
//! in the repository (it would be for one machine).

use crate::guest::{self, Guest};
use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, machine};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const PROGRAM: &[u8] = include_bytes!("../../programs/contention.wasm");
const ROUNDS: usize = 9;

/// What is measured, and what the ratio of the times should be.
struct Case {
    name: &'static str,
    arguments: [&'static str; 3],
    goal: Goal,
}

/// A goal of the project.
enum Goal {
    /// The time against that of native threads.
    AtMost(f64),
    /// How many times faster than native threads.
    TimesFaster(f64),
}

const CASES: [Case; 6] = [
    Case {
        name: "a mutex, 2 threads",
        arguments: ["mutex", "2", "3000000"],
        goal: Goal::AtMost(1.5),
    },
    Case {
        name: "a mutex, 8 threads",
        arguments: ["mutex", "8", "200000"],
        goal: Goal::AtMost(1.5),
    },
    Case {
        name: "a heap with one lock, 8 threads",
        arguments: ["heap", "8", "100000"],
        goal: Goal::AtMost(1.2),
    },
    Case {
        name: "turns by a condition, 2 threads",
        arguments: ["condition", "2", "10000"],
        goal: Goal::TimesFaster(40.0),
    },
    Case {
        name: "a barrier, 8 threads",
        arguments: ["barrier", "8", "2000"],
        goal: Goal::TimesFaster(5.0),
    },
    Case {
        name: "a barrier, 2 threads",
        arguments: ["barrier", "2", "10000"],
        goal: Goal::TimesFaster(5.0),
    },
];

/// See the module.
///
/// # Errors
///
/// There is no C compiler, or something does not run.
pub fn measure() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let native = compile(folder.path())?;
    let program = Guest::new(&guest::engine(machine::processors())?, PROGRAM)?;
    let mut rows = Vec::new();
    for Case { name, arguments, goal } in CASES {
        let contenders: &mut [Contender<'_>] = &mut [
            Box::new(|| on_weft(&program, arguments)),
            Box::new(|| natively(&native, arguments)),
        ];
        let rounds = Rounds::run(ROUNDS, contenders)?;
        rows.push(Row::new(format!("weft, {name}"), Unit::Time, rounds.times(0)));
        rows.push(Row::new(format!("native, {name}"), Unit::Time, rounds.times(1)));
        rows.push(match goal {
            Goal::AtMost(limit) => Row::new(format!("weft / native, {name}"), Unit::Ratio, rounds.ratio(0, 1))
                .with_target(Target::AtMost(limit)),
            Goal::TimesFaster(times) => Row::new(format!("native / weft, {name}"), Unit::Ratio, rounds.ratio(1, 0))
                .with_target(Target::AtLeast(times)),
        });
    }
    Ok(rows)
}

/// Compiles the program for this machine, into a folder.
fn compile(folder: &Path) -> Result<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs/contention.c");
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let program = folder.join("contention");
    let mut command = Command::new(&compiler);
    command.args(["-O2", "-pthread", "-o"]).arg(&program).arg(source);
    let status = command.status();
    let status = status.with_context(|| format!("cannot start the C compiler `{compiler}`: set CC to another"))?;
    ensure!(
        status.success(),
        "the C compiler `{compiler}` does not compile `contention.c`"
    );
    Ok(program)
}

fn natively(program: &Path, arguments: [&str; 3]) -> Result<Duration> {
    let output = Command::new(program).args(arguments).output()?;
    ensure!(
        output.status.success(),
        "the native program ended with {}",
        output.status
    );
    time(&output.stdout)
}

fn on_weft(program: &Guest, [how, threads, rounds]: [&str; 3]) -> Result<Duration> {
    let instance = program.instantiate(&["contention", how, threads, rounds])?;
    let output = instance.host().output();
    guest::run(instance)?;
    time(&output.contents())
}

/// The time that the program says it took.
fn time(output: &[u8]) -> Result<Duration> {
    let text = std::str::from_utf8(output)?;
    let nanoseconds = text.trim().parse();
    let nanoseconds = nanoseconds.with_context(|| format!("the program wrote `{}`", text.escape_debug()))?;
    Ok(Duration::from_nanos(nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_programs_take_every_way() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let native = compile(folder.path())?;
        let program = Guest::new(&guest::engine(machine::processors())?, PROGRAM)?;
        for Case { arguments, .. } in CASES {
            let few = [arguments[0], arguments[1], "10"];
            assert!(natively(&native, few)? > Duration::ZERO, "{few:?}");
            assert!(on_weft(&program, few)? > Duration::ZERO, "{few:?}");
        }
        Ok(())
    }
}
