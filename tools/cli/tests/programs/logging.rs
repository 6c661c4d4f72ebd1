//! What the command logs with `-v` and `WEFT_LOG`: on standard error, and nowhere else.
//!
//! Unless a test says otherwise, the program has four threads beside the main one. Three wait forever, and the last traps when they
//! have begun. Which of them waits for a lock first depends on timing.

use crate::trial;
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::process::{Command, Output, Stdio};
use weft_tests::{Weft, fixture};

const TRAPS: &str = "weft::threads: trapped instance=1 thread=5 reason=\"wasm trap: ";
const STARTS: &str = "DEBUG weft::threads: started instance=1 thread=5";
const ENDS: &str = "DEBUG weft::threads: ended instance=1 thread=5";
const WAITS: &str = "TRACE weft::waits: waits instance=1 thread=2 memory=0 address=";

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(weft, "without -v and WEFT_LOG nothing is logged", silent),
        trial(weft, "-v logs what is compiled, and traps", once),
        trial(weft, "-vv logs passes, and how threads start and end", twice),
        trial(weft, "-vvv logs waits and wake-ups", thrice),
        trial(weft, "WEFT_LOG chooses what is logged", filtered),
        trial(weft, "WEFT_LOG wins over -v", filtered_and_verbose),
        trial(weft, "a WEFT_LOG that is no filter is refused", no_filter),
        trial(weft, "logging to a closed standard error does no harm", closed),
    ]
}

/// Runs the program, which compiles anew, and ends by its trap.
fn log(weft: &Weft, options: &[&str], filter: &str) -> Result<String> {
    let output = run(weft, options, filter, "exec \"$@\"")?;
    ensure!(output.status.code() == Some(134), "{output:?}");
    ensure!(
        output.stdout == b"begun\n",
        "something else on standard output: {output:?}"
    );
    Ok(String::from_utf8(output.stderr)?)
}

fn run(weft: &Weft, options: &[&str], filter: &str, script: &str) -> Result<Output> {
    run_program(
        weft,
        options,
        filter,
        script,
        &[&fixture("ending.wasm"), "trap", "wait"],
    )
}

fn run_program(weft: &Weft, options: &[&str], filter: &str, script: &str, program: &[&str]) -> Result<Output> {
    Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(weft.path())
        .args(["run", "--no-cache"])
        .args(options)
        .args(program)
        .env("WEFT_LOG", filter)
        .stdin(Stdio::null())
        .output()
        .context("cannot start a shell")
}

fn check(log: &str, present: &[&str], absent: &[&str]) -> Result<()> {
    for part in present {
        ensure!(log.contains(part), "{part:?} is not in:\n{log}");
    }
    for part in absent {
        ensure!(!log.contains(part), "{part:?} is in:\n{log}");
    }
    Ok(())
}

fn silent(weft: &Weft) -> Result<()> {
    let log = log(weft, &[], "")?;
    ensure!(log.starts_with("error: thread 5: wasm trap: "), "{log}");
    Ok(())
}

fn once(weft: &Weft) -> Result<()> {
    let compiled = ["INFO adapt{bytes=", "INFO lower{bytes=", "INFO compile{bytes="];
    let log = log(weft, &["-v"], "")?;
    check(&log, &compiled, &["DEBUG", "TRACE", "\u{1b}"])?;
    check(&log, &[TRAPS], &[])
}

fn twice(weft: &Weft) -> Result<()> {
    let passes = [
        ":decode{",
        ":check{",
        ":unshare{",
        ":check_output{",
        ":flatten:threadify{",
    ];
    let log = log(weft, &["-vv"], "")?;
    check(&log, &passes, &["TRACE"])?;
    check(
        &log,
        &["INFO compile{bytes=", "workers started", STARTS, TRAPS, ENDS],
        &[],
    )
}

/// The second program's main thread notifies until it has woken a thread, and then lets that thread and itself end.
fn thrice(weft: &Weft) -> Result<()> {
    let log = log(weft, &["-vvv"], "")?;
    let writes = "TRACE weft::wasi: called instance=1 thread=1 function=\"fd_write\"";
    check(&log, &[STARTS, WAITS, TRAPS, ENDS, writes], &[])?;

    let barriers = [&fixture("barriers.wasm"), "1"];
    let output = run_program(weft, &["-vvv"], "", "exec \"$@\"", &barriers)?;
    ensure!(
        output.status.success() && output.stdout.ends_with(b"\nwho waits sleeps\n"),
        "{output:?}"
    );
    let log = String::from_utf8(output.stderr)?;
    let has = |event: &str, field: &str| log.lines().any(|line| line.contains(event) && line.contains(field));
    ensure!(
        has("TRACE weft::waits: notifies instance=1 thread=1 ", " woken=1"),
        "no wake-up is in:\n{log}"
    );
    ensure!(
        has("TRACE weft::waits: waited instance=1 thread=", ""),
        "no end of a wait is in:\n{log}"
    );
    Ok(())
}

fn filtered(weft: &Weft) -> Result<()> {
    let log = log(weft, &[], "weft::threads=debug,weft::waits=trace")?;
    check(
        &log,
        &[STARTS, WAITS, TRAPS, ENDS],
        &["weft::lower", "weft::compile", "weft::wasi"],
    )
}

fn filtered_and_verbose(weft: &Weft) -> Result<()> {
    let log = log(weft, &["-vvv"], "weft::compile=info")?;
    check(&log, &["INFO compile{bytes="], &["DEBUG", "TRACE", "weft::threads"])
}

fn no_filter(weft: &Weft) -> Result<()> {
    let output = run(weft, &[], "weft=loud", "exec \"$@\"")?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() == Some(1) && output.stdout.is_empty(),
        "{output:?}"
    );
    ensure!(
        stderr.starts_with("error: the environment variable `WEFT_LOG` is not a filter: "),
        "{stderr}"
    );
    Ok(())
}

fn closed(weft: &Weft) -> Result<()> {
    let output = run(weft, &["-vvv"], "", "exec \"$@\" 2>&-")?;
    ensure!(output.status.code() == Some(134), "{output:?}");
    ensure!(output.stdout == b"begun\n", "{output:?}");
    Ok(())
}
