//! The command `weft` on every program of `tests/programs`, and on what it must refuse.
//!
//! Each module here returns rows of one table. Cargo builds the binary before it runs them. If this machine
//! or this user lacks something that a test needs, the test is reported as ignored, with the reason.

mod cache;
mod command_line;
mod compile;
mod composed;
mod cooperative;
mod ending;
mod examples;
mod inspect;
mod interrupted;
mod invoke;
mod libraries;
mod limits;
mod logging;
mod lower;
mod needs;
mod refusals;
mod sockets;
mod threads;
mod wasi_0_2;

use anyhow::{Result, ensure};
use libtest_mimic::{Arguments, Trial};
use std::path::PathBuf;
use std::process::ExitCode;
use weft_tests::Weft;

/// The numbers of workers with which programs with threads run: less than, as many as and more than most have cores.
const WORKERS: &[usize] = &[1, 2, 8];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let weft = Weft::new(env!("CARGO_BIN_EXE_weft"), env!("CARGO_TARGET_TMPDIR"));
    let mut trials: Vec<Trial> = [
        threads::cases(),
        ending::cases(),
        examples::cases(),
        command_line::cases(),
        cooperative::cases(),
        inspect::cases(),
        invoke::cases(),
        libraries::cases(),
        lower::cases(),
        refusals::cases(),
        wasi_0_2::cases(),
    ]
    .into_iter()
    .flatten()
    .flat_map(|case| case.trials(&weft))
    .collect();
    trials.extend(threads::trials(&weft));
    trials.extend(cache::trials(&weft));
    trials.extend(command_line::trials(&weft));
    trials.extend(compile::trials(&weft));
    trials.extend(composed::trials(&weft));
    trials.extend(examples::trials(&weft));
    trials.extend(interrupted::trials(&weft));
    trials.extend(libraries::trials(&weft));
    trials.extend(limits::trials(&weft));
    trials.extend(logging::trials(&weft));
    trials.extend(lower::trials(&weft));
    trials.extend(sockets::trials(&weft));
    trials.extend(wasi_0_2::trials(&weft));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A test that is more than one run of the command.
fn trial(weft: &Weft, name: &str, test: fn(&Weft) -> Result<()>) -> Trial {
    let weft = weft.clone();
    Trial::test(name, move || test(&weft).map_err(|error| format!("{error:#}").into()))
}

/// An empty directory for one test.
fn scratch(name: &str) -> Result<PathBuf> {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    std::fs::create_dir_all(&directory)?;
    ensure!(directory.is_absolute(), "`{}` is not absolute", directory.display());
    Ok(directory)
}
