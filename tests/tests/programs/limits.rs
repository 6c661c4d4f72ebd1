//! Programs in a process that the system limits.

use crate::{scratch, trial};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::process::{Command, Output, Stdio};
use weft_tests::{Weft, fixture};

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(
            weft,
            "too_large.wat: a limit of the size of files",
            a_file_that_grows_too_large,
        ),
        trial(
            weft,
            "no_descriptors.wat: a limit of descriptors",
            a_first_wait_without_descriptors,
        ),
        trial(
            weft,
            "until_refused.wat: a limit of the address space",
            threads_until_the_address_space_is_full,
        ),
    ]
}

/// Each thread takes address space for its stack. Where the system grants no more, a spawn fails as at any other limit, and
/// the program goes on.
fn threads_until_the_address_space_is_full(weft: &Weft) -> Result<()> {
    let directory = scratch("until_refused")?;
    // The shared memory reserves 4 GiB of it. Behind it there is room for fewer threads than there may be mappings.
    for kilobytes in ["7000000", "12000000"] {
        let limit = format!("-v {kilobytes}");
        let output = limited(weft, &limit, &directory.display().to_string(), "until_refused.wat")?;
        ensure!(output.status.code() == Some(0), "{output:?}");
        ensure!(output.stderr.is_empty(), "{output:?}");
    }
    Ok(())
}

/// `weft run` on a fixture, in a shell that has set a limit.
fn limited(weft: &Weft, limit: &str, directory: &str, program: &str) -> Result<Output> {
    Command::new("sh")
        .args(["-c", &format!("ulimit {limit} && exec \"$@\""), "sh"])
        .arg(weft.path())
        .args(["run", "--dir", &format!("{directory}::/"), &fixture(program)])
        .env("XDG_CACHE_HOME", weft.cache())
        .stdin(Stdio::null())
        .output()
        .context("cannot start a shell")
}

/// The system sends a signal as well, which would end the process.
fn a_file_that_grows_too_large(weft: &Weft) -> Result<()> {
    let directory = scratch("too_large")?;
    let output = limited(weft, "-f 200", &directory.display().to_string(), "too_large.wat")?;
    ensure!(output.status.code() == Some(21), "{output:?}");
    ensure!(std::fs::metadata(directory.join("file"))?.len() == 0, "it has grown");
    Ok(())
}

/// What waiting takes of the system is there before the program is.
fn a_first_wait_without_descriptors(weft: &Weft) -> Result<()> {
    let directory = scratch("no_descriptors")?;
    let output = limited(weft, "-n 100", &directory.display().to_string(), "no_descriptors.wat")?;
    ensure!(output.status.code() == Some(0), "{output:?}");
    ensure!(output.stderr.is_empty(), "{output:?}");
    Ok(())
}
