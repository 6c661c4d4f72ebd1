//! System calls that fail because a signal interrupts them: programs do not notice.
//!
//! The engine sends signals to its workers, and the kernel does not restart every system call. Which ones it interrupts depends on the file
//! system and on chance. So `strace` answers for the kernel: every fifth call of a kind fails with `EINTR`, and does nothing.
//!
//! **Rejected:** sending signals until a call fails (the kernel restarts nearly all calls on a local file system).

use crate::needs::{Need, trial_with};
use crate::{scratch, sockets};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use weft_tests::{Stdin, Weft, fixture};

const NEEDS: &[Need] = &[Need::Program("strace", "strace"), Need::Tracing];

/// Which of a thread's calls fails first, and of which kinds.
type Calls = &'static [(u32, &'static [&'static str])];

/// Calls on files. The process makes some of them before a program runs, where nothing handles a failure. So the first ones of these kinds
/// succeed. `futex` and `connect` are missing: the kernel does not interrupt them before they have had an effect.
const CALLS: Calls = &[
    (
        1,
        &[
            "fallocate",
            "fdatasync",
            "fsync",
            "ftruncate",
            "getdents64",
            "linkat",
            "mkdirat",
            "pwrite64",
            "readlinkat",
            "renameat",
            "symlinkat",
            "unlinkat",
            "utimensat",
        ],
    ),
    (4, &["fstatfs", "openat2", "pread64", "statx", "write"]),
    (30, &["fstat", "lseek", "read"]),
];

/// The same for a program that uses sockets. `write` is not among them: what wakes the thread that waits for all sockets writes to a counter,
/// which a signal never interrupts.
const CALLS_ON_SOCKETS: Calls = &[(1, &["accept4", "poll", "recvfrom", "sendto"])];

/// The programs, which print what they find. Together they make each call.
const PROGRAMS: &[(&str, &str)] = &[
    (
        "files.wasm",
        include_str!("../../../../tests/programs/expected/files.txt"),
    ),
    (
        "names.wasm",
        include_str!("../../../../tests/programs/expected/names.txt"),
    ),
    (
        "directory.wasm",
        include_str!("../../../../tests/programs/expected/directory.txt"),
    ),
    (
        "status.wasm",
        include_str!("../../../../tests/programs/expected/status.txt"),
    ),
    (
        "descriptors.wasm",
        include_str!("../../../../tests/programs/expected/descriptors.txt"),
    ),
    (
        "stdio.wasm",
        include_str!("../../../../tests/programs/expected/stdio.txt"),
    ),
];

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    let name = "a program does not notice that signals interrupt system calls";
    vec![trial_with(NEEDS, weft, name, programs)]
}

fn programs(weft: &Weft) -> Result<()> {
    let directory = scratch("interrupted")?;
    let mut failed = String::new();
    for (program, expected) in PROGRAMS {
        let traced = Traced::new(weft, &directory, program, CALLS)?;
        let preopen = directory.join(format!("{program}.files"));
        fs::create_dir(&preopen)?;
        let preopen = format!("{}::/", preopen.display());
        let run = ["run", "--dir", &preopen, &fixture(program)];
        let outcome = traced.weft.run(run, &Stdin::Bytes(Vec::new()))?;
        ensure!(outcome.status == Some(0), "{program}: {outcome:?}");
        let printed = String::from_utf8_lossy(&outcome.stdout);
        ensure!(printed == *expected, "{program} printed: {printed}");
        failed += &traced.log()?;
    }
    let traced = Traced::new(weft, &directory, "sockets.wasm", CALLS_ON_SOCKETS)?;
    sockets::two_connections(&traced.weft, "interrupted-sockets").context("sockets.wasm")?;
    failed += &traced.log()?;
    for call in CALLS.iter().chain(CALLS_ON_SOCKETS).flat_map(|(_, calls)| *calls) {
        let is_of_call = |line: &str| line.contains(&format!(" {call}(")) && line.ends_with("(INJECTED)");
        ensure!(failed.lines().any(is_of_call), "no `{call}` was interrupted");
    }
    Ok(())
}

/// The command under `strace`.
struct Traced {
    weft: Weft,
    log: PathBuf,
}

impl Traced {
    fn new(weft: &Weft, directory: &Path, name: &str, calls: Calls) -> Result<Self> {
        let (script, log) = (directory.join(name), directory.join(format!("{name}.log")));
        let all: Vec<_> = calls.iter().map(|(_, calls)| calls.join(",")).collect();
        let failures = calls.iter().zip(&all);
        let failures = failures.map(|((first, _), calls)| format!("--inject={calls}:error=EINTR:when={first}+5"));
        let text = format!(
            "#!/bin/sh\nexec strace -f -qq -o '{}' -e trace={} {} '{}' \"$@\"\n",
            log.display(),
            all.join(","),
            failures.collect::<Vec<_>>().join(" "),
            weft.path().display()
        );
        fs::write(&script, text)?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
        Ok(Traced {
            weft: Weft::new(script, env!("CARGO_TARGET_TMPDIR")),
            log,
        })
    }

    /// A line for each call.
    fn log(&self) -> Result<String> {
        fs::read_to_string(&self.log).with_context(|| format!("cannot read `{}`", self.log.display()))
    }
}
