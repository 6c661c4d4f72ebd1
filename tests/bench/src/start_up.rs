//! Start-up of a small program, ten threads that print a line each: the command as a whole, and each step in process.
//!
//! The command keeps compiled code in a cache, so it is measured with an empty cache and with a filled one. The cache is in
//! a folder of the benchmark's own.

use crate::guest::{self, Host};
use crate::{Figures, Row, Unit, machine};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use weft::Component;

const PROGRAM: &[u8] = include_bytes!("../../programs/hello_c.wasm");
const PROGRAM_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../programs/hello_c.wasm");
const COMMANDS: usize = 20;
const SAMPLES: usize = 30;
const STEPS: [&str; 6] = ["engine", "adapt", "lower", "compile", "instantiate", "run"];

/// See the module.
///
/// # Errors
///
/// The command is not built in the same profile, or the program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let command = command_path()?;
    let mut rows = Vec::new();
    for (name, keeps_cache) in [("`weft run`, code in cache", true), ("`weft run`, empty cache", false)] {
        let samples = commands(&command, keeps_cache)?;
        rows.push(Row::new(name, Unit::Time, Figures::of_durations(&samples)));
    }
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

fn commands(command: &Path, keeps_cache: bool) -> Result<Vec<Duration>> {
    let mut cache = TempDir::new()?;
    run(command, cache.path())?;
    let mut samples = Vec::with_capacity(COMMANDS);
    for _ in 0..COMMANDS {
        if !keeps_cache {
            cache = TempDir::new()?;
        }
        samples.push(run(command, cache.path())?);
    }
    Ok(samples)
}

fn run(command: &Path, cache: &Path) -> Result<Duration> {
    let start = Instant::now();
    let status = Command::new(command)
        .args(["run", PROGRAM_PATH])
        .env("XDG_CACHE_HOME", cache)
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{}`", command.display()))?;
    let time = start.elapsed();
    ensure!(status.success(), "the command ended with {status}");
    Ok(time)
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
    weft_lower::lower(&component)?;
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
