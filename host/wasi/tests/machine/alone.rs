//! Runs a test in a process of its own, with mounts or limits that only this process sees.
//!
//! The test runs twice. The first time, it starts a shell. The shell's script sets up what the test needs and runs the
//! same test again (`exec "$@"`), in a directory that is empty at first. If the script cannot set it up, it exits with
//! status 77, and the test is reported as ignored, with the script's output as the reason.

use libtest_mimic::{Completion, Failed, Trial};
use std::process::Command;

/// Tells the second run that it is the second.
const VARIABLE: &str = "WEFT_TEST_ALONE";
/// What a script ends with that cannot make what the test needs.
const IMPOSSIBLE: i32 = 77;

/// The test `name`, on the machine that `script` makes.
pub fn trial(name: &'static str, script: &'static str, test: fn()) -> Trial {
    Trial::ignorable_test(name, move || {
        if std::env::var_os(VARIABLE).is_some() {
            test();
            return Ok(Completion::Completed);
        }
        run_again(name, script)
    })
}

fn run_again(name: &str, script: &str) -> Result<Completion, Failed> {
    let directory = tempfile::tempdir()?;
    let output = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(std::env::current_exe()?)
        .args([name, "--exact"])
        .env(VARIABLE, "")
        .current_dir(&directory)
        .output()?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(IMPOSSIBLE) => Ok(Completion::ignored_with(stderr.trim().replace('\n', "; "))),
        Some(0) if stdout.contains("1 passed") => Ok(Completion::Completed),
        _ => Err(format!("{}\n{stdout}\n{stderr}", output.status).into()),
    }
}
