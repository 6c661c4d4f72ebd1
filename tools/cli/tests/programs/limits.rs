//! Programs in a process that the system limits.

use crate::needs::{Need, trial_with};
use crate::{scratch, trial};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
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
        for_root(
            weft,
            "a limit of OS threads, and threads that run in parallel",
            few_os_threads_in_parallel,
        ),
        for_root(
            weft,
            "a limit of OS threads, and threads that take turns",
            few_os_threads_in_turns,
        ),
        for_root(
            weft,
            "a limit of OS threads, and a blocking call",
            few_os_threads_and_a_blocking_call,
        ),
        for_root(weft, "a limit of OS threads, told with -v", the_limit_is_told),
    ]
}

/// Each thread takes address space for its stack. Where the system grants no more, a spawn fails as at any other limit, and
/// the program goes on.
fn threads_until_the_address_space_is_full(weft: &Weft) -> Result<()> {
    let directory = scratch("until_refused")?;
    // The shared memory and the counts of waiters reserve 4 GiB each. Behind them there is room for fewer threads than there
    // may be mappings.
    for kilobytes in ["11000000", "16000000"] {
        let limit = format!("-v {kilobytes}");
        let output = limited(weft, &limit, &directory.display().to_string(), "until_refused.wat")?;
        ensure!(output.status.code() == Some(0), "{output:?}");
        ensure!(output.stderr.is_empty(), "{output:?}");
    }
    Ok(())
}

/// A test that becomes another user, of whose threads there are no others.
fn for_root(weft: &Weft, name: &str, test: fn(&Weft) -> Result<()>) -> Trial {
    const NEEDS: &[Need] = &[
        Need::Root,
        Need::Program("setpriv", "util-linux"),
        Need::Program("prlimit", "util-linux"),
        Need::Program("timeout", "coreutils"),
    ];
    trial_with(NEEDS, weft, name, test)
}

/// The limits of OS threads that are tried. With the last there are as many as are of use.
const OS_THREADS: std::ops::RangeInclusive<usize> = 1..=12;

/// Runs `weft` as a user with a limit of `count` OS threads, in a writable directory with the fixtures.
fn with_os_threads(weft: &Weft, count: usize, arguments: &[&str], fixtures: &[&str]) -> Result<Output> {
    static USERS: AtomicU32 = AtomicU32::new(0);
    // Tests run at the same time, also those of other processes.
    let user = 20_000 + std::process::id() % 100 * 400 + USERS.fetch_add(1, Ordering::SeqCst) % 400;
    let directory = tempfile::Builder::new().prefix("weft-os-threads").tempdir()?;
    std::fs::set_permissions(directory.path(), Permissions::from_mode(0o777))?;
    for file in fixtures {
        std::fs::copy(fixture(file), directory.path().join(file))?;
    }
    std::fs::write(directory.path().join("input.txt"), "text\n")?;
    let binary = directory.path().join("weft");
    // Not by this process: a child that another test starts meanwhile would hold the file open for writing, and it could not run.
    let copied = Command::new("cp").arg(weft.path()).arg(&binary).status()?;
    ensure!(copied.success(), "cannot copy `{}`", weft.path().display());
    Command::new("timeout")
        .args([
            "--signal=KILL",
            "60",
            "setpriv",
            "--clear-groups",
            &format!("--reuid={user}"),
        ])
        .args(["prlimit", &format!("--nproc={count}")])
        .arg(binary)
        .args(arguments)
        .current_dir(directory.path())
        .env("HOME", directory.path())
        .stdin(Stdio::from(std::fs::File::open(directory.path().join("input.txt"))?))
        .output()
        .context("cannot start `timeout`")
}

/// The program runs as always from `needed` OS threads on; with fewer there is an error that names the limit.
fn runs_from(needed: usize, weft: &Weft, arguments: &[&str], fixtures: &[&str], stdout: &str) -> Result<()> {
    for count in OS_THREADS {
        let output = with_os_threads(weft, count, arguments, fixtures)?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        if count >= needed {
            ensure!(output.status.code() == Some(0), "{count} threads: {output:?}");
            ensure!(stderr.is_empty(), "{count} threads: {stderr}");
            let out = String::from_utf8_lossy(&output.stdout);
            ensure!(out.ends_with(stdout), "{count} threads: {out}");
        } else {
            let limit = format!("RLIMIT_NPROC (`ulimit -u`), which is {count} for this user, is reached");
            ensure!(output.status.code() == Some(1), "{count} threads: {output:?}");
            ensure!(
                stderr.starts_with("error: ") && stderr.contains(&limit),
                "{count} threads: {stderr}"
            );
        }
    }
    Ok(())
}

/// The main thread, the ticker, the one that waits for times and files, and a worker.
fn few_os_threads_in_parallel(weft: &Weft) -> Result<()> {
    runs_from(4, weft, &["run", "hello_c.wasm"], &["hello_c.wasm"], "all joined\n")
}

/// The main thread, one for blocking calls, and one that reads standard input.
fn few_os_threads_in_turns(weft: &Weft) -> Result<()> {
    let reads_a_file = ["run", "--dir", ".", "wasi_0_2.wat"];
    runs_from(3, weft, &reads_a_file, &["wasi_0_2.wat"], "directory .\ntext\n")?;
    runs_from(3, weft, &["run", "stdin_0_2.wat"], &["stdin_0_2.wat"], "")?;
    runs_from(3, weft, &["run", "wasi_0_3.wat"], &["wasi_0_3.wat"], "all woken\n")
}

/// A worker makes the call if the system refuses a thread for it.
fn few_os_threads_and_a_blocking_call(weft: &Weft) -> Result<()> {
    runs_from(4, weft, &["run", "--dir", ".::/", "sync.wat"], &["sync.wat"], "")
}

fn the_limit_is_told(weft: &Weft) -> Result<()> {
    let output = with_os_threads(
        weft,
        6,
        &["run", "-v", "--workers", "8", "hello_c.wasm"],
        &["hello_c.wasm"],
    )?;
    ensure!(output.status.code() == Some(0), "{output:?}");
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(stderr.contains("note: weft uses only 3 workers: "), "{stderr}");
    ensure!(stderr.contains("RLIMIT_NPROC"), "{stderr}");
    // With as many as are asked for there is nothing to tell.
    let output = with_os_threads(
        weft,
        6,
        &["run", "-v", "--workers", "3", "hello_c.wasm"],
        &["hello_c.wasm"],
    )?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() == Some(0) && !stderr.contains("note: "),
        "{output:?}"
    );
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
