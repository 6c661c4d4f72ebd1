//! Start-up: the command as a whole on programs of three sizes, and each step of the smallest one's in process.
//!
//! The smallest program has ten threads that print a line each, the others do nothing. The command keeps compiled programs, so a
//! start is measured with an empty cache and with a filled one, which is a second start. The cache is in a folder of the
//! benchmark's own. Plain Wasmtime starts the same module with a cache of its own, without the start of a process.

use crate::guest::{self, Host};
use crate::plain::PlainStart;
use crate::{Figures, Row, Target, Unit, machine, synthetic};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use weft_parallel::Component;

const PROGRAM: &[u8] = include_bytes!("../../programs/hello_c.wasm");
const PROGRAM_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../programs/hello_c.wasm");
const COMMANDS: usize = 20;
const SAMPLES: usize = 30;
/// A start of the largest program that is not the second one takes too long to be repeated.
const LARGE_COMMANDS: usize = 5;

/// Of a module of 600 kB, and of one that is as large as the largest that compilers make.
const MIDDLE_FUNCTIONS: u32 = 1_650;
const LARGE_FUNCTIONS: u32 = 34_000;

/// Goals of the project, in seconds.
const SMALL_SECOND: Target = Target::AtMost(0.005);
const MIDDLE_SECOND: Target = Target::AtMost(0.020);
const MIDDLE_FIRST: Target = Target::AtMost(0.400);
const LARGE_SECOND: Target = Target::AtMost(0.150);

const STEPS: [&str; 6] = ["engine", "adapt", "lower", "compile", "instantiate", "run"];

/// See the module.
///
/// # Errors
///
/// The command is not built in the same profile, or the program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let command = command_path()?;
    let small = Path::new(PROGRAM_PATH);
    let programs = TempDir::new()?;
    let middle = write(&programs, "middle.wasm", MIDDLE_FUNCTIONS)?;
    let large = write(&programs, "large.wasm", LARGE_FUNCTIONS)?;
    let row = |name: &str, samples: &[Duration]| Row::new(name, Unit::Time, Figures::of_durations(samples));
    let mut rows = vec![
        row("`weft run`, second start", &second_starts(&command, small, COMMANDS)?).with_target(SMALL_SECOND),
        row("`weft run`, first start", &first_starts(&command, small, COMMANDS)?),
        row("600 kB: second start", &second_starts(&command, &middle, COMMANDS)?).with_target(MIDDLE_SECOND),
        row("600 kB: first start", &first_starts(&command, &middle, LARGE_COMMANDS)?).with_target(MIDDLE_FIRST),
        row(
            "600 kB: plain Wasmtime, second start in process",
            &plain_starts(MIDDLE_FUNCTIONS)?,
        ),
        row(
            "12.6 MB: second start",
            &second_starts(&command, &large, LARGE_COMMANDS)?,
        )
        .with_target(LARGE_SECOND),
    ];
    let steps = (0..SAMPLES).map(|_| steps()).collect::<Result<Vec<_>>>()?;
    for (step, name) in STEPS.iter().enumerate() {
        let samples: Vec<Duration> = steps.iter().map(|times| times[step]).collect();
        rows.push(Row::new(
            format!("in process: {name}"),
            Unit::Time,
            Figures::of_durations(&samples),
        ));
    }
    Ok(rows)
}

/// The command of the profile that this runs in.
fn command_path() -> Result<PathBuf> {
    let own = std::env::current_exe().context("cannot tell where the benchmark is")?;
    let profile = own.ancestors().nth(2).context("the benchmark is in no target folder")?;
    let path = profile.join("weft");
    ensure!(
        path.exists(),
        "no `{}`: run `cargo build --release -p weft-cli` first",
        path.display()
    );
    Ok(path)
}

fn write(folder: &TempDir, name: &str, functions: u32) -> Result<PathBuf> {
    let path = folder.path().join(name);
    std::fs::write(&path, synthetic::idle_module(functions))?;
    Ok(path)
}

fn first_starts(command: &Path, program: &Path, count: usize) -> Result<Vec<Duration>> {
    (0..count)
        .map(|_| run(command, program, TempDir::new()?.path()))
        .collect()
}

fn second_starts(command: &Path, program: &Path, count: usize) -> Result<Vec<Duration>> {
    let cache = TempDir::new()?;
    run(command, program, cache.path())?;
    (0..count).map(|_| run(command, program, cache.path())).collect()
}

fn run(command: &Path, program: &Path, cache: &Path) -> Result<Duration> {
    let start = Instant::now();
    let status = Command::new(command)
        .arg("run")
        .arg(program)
        .env("XDG_CACHE_HOME", cache)
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{}`", command.display()))?;
    let time = start.elapsed();
    ensure!(status.success(), "the command ended with {status}");
    Ok(time)
}

fn plain_starts(functions: u32) -> Result<Vec<Duration>> {
    let cache = TempDir::new()?;
    let plain = PlainStart::new(synthetic::idle_module(functions), cache.path());
    plain.time()?;
    (0..COMMANDS).map(|_| plain.time()).collect()
}

/// The times of [`STEPS`].
fn steps() -> Result<[Duration; 6]> {
    let start = Instant::now();
    let engine = guest::engine(machine::processors())?;
    let engine_time = start.elapsed();

    let start = Instant::now();
    let component = weft_adapt::adapt(PROGRAM)?;
    let adapt = start.elapsed();

    let start = Instant::now();
    weft_lower::Component::read(&component)?.lower()?;
    let lower = start.elapsed();

    // It lowers again, which is not to be counted twice.
    let start = Instant::now();
    let component = Component::new(&engine, &component)?;
    let compile = start.elapsed().saturating_sub(lower);

    let linker = guest::linker(&engine)?;
    let host = Host::new(&["hello_c"])?;
    let output = host.output();
    let start = Instant::now();
    let instance = linker.instantiate(&component, host)?;
    let instantiate = start.elapsed();

    let start = Instant::now();
    guest::run(instance)?;
    let run = start.elapsed();
    ensure!(
        output.contents().ends_with(b"all joined\n"),
        "the program did not come to its end"
    );
    Ok([engine_time, adapt, lower, compile, instantiate, run])
}
