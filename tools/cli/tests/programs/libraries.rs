//! Programs that reach WASI through a library: wasi-libc, Rust's and Zig's. `programs/expected` contains what each must
//! print: the same as when the source is compiled for Linux, except where the library itself differs. This file lists
//! these differences.

use crate::{WORKERS, scratch, trial};
use anyhow::Result;
use libtest_mimic::Trial;
use std::path::Path;
use weft_tests::{Case, Stdin, Weft, fixture};

/// What the program of this name must print.
macro_rules! expected {
    ($name:literal) => {
        include_str!(concat!("../../../../tests/programs/expected/", $name, ".txt"))
    };
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        run("stdio", &[]).stdout(expected!("stdio")),
        run("directory", &[]).stdout(expected!("directory")),
        // Also where the file system's own positions need 64 bits: `telldir` has 32.
        run("directory", &["seek"]).stdout(expected!("directory_seek")),
        run("status", &[]).stdout(expected!("status")),
        run("names", &[]).stdout(expected!("names")),
        run("names", &["slashes"]).stdout(expected!("names_slashes")),
        run("failures", &[]).stdout(expected!("failures")),
        run("descriptors", &[]).stdout(expected!("descriptors")),
        // Linux has no `POLLIN` at the end of a pipe, and wasi-libc has one whenever there is an event.
        run("waiting", &["ended"]).stdout(expected!("waiting_ended")),
        run("waiting", &["open"])
            .stdout(expected!("waiting_open"))
            .stdin(Stdin::Open),
        run("waiting", &["ready"])
            .stdout(expected!("waiting_ready"))
            .stdin(Stdin::Bytes(b"hi\n".to_vec())),
        // Rust's library for WASI has no kind for the error of a directory that is not empty.
        run("files", &[]).stdout(expected!("files")),
    ];
    cases.extend(processes());
    cases.extend(systems());
    cases.extend(threads());
    cases
}

/// A program with these arguments, in an empty directory.
fn run(program: &str, arguments: &[&str]) -> Case {
    let module = format!("{program}.wasm");
    let name = [&[module.as_str()], arguments].concat().join(" ");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libraries").join(&name);
    Case::run(&module)
        .named(name)
        .arguments(arguments.iter().copied())
        .directory(directory)
}

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![trial(weft, "names.wasm across two directories", names_across)]
}

/// Two directories are one file system, as they would be outside; but `..` leads out of neither.
fn names_across(weft: &Weft) -> Result<()> {
    let (one, two) = (scratch("names one")?, scratch("names two")?);
    let directories = [(one, "/one"), (two, "/two")].map(|(host, guest)| format!("--dir={}::{guest}", host.display()));
    let line = [
        &["run".to_owned()],
        &directories[..],
        &[fixture("names.wasm"), "across".to_owned()],
    ]
    .concat();
    let case = Case::run("names.wasm").stdout(expected!("names_across"));
    case.check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)
}

/// How a C program begins and ends.
fn processes() -> Vec<Case> {
    const BEGUN: &str = "begun, buffered\nentropy 0 1 -1\nenvironment value none\n";
    const TRAPPED: &str = "wasm trap: wasm `unreachable` instruction executed";
    let process = |how| run("process", &[how]).options(["--env", "KEY=value"]);
    vec![
        process("return").stdout(format!("{BEGUN}at the end\n")).status(33),
        process("exit").stdout(format!("{BEGUN}at the end\n")).status(125),
        // musl, and so wasi-libc, takes a stream for a terminal until its first line is written.
        process("quick").stdout("begun, buffered\n").status(3),
        process("flush").stdout(BEGUN).status(4),
        process("abort").stdout(BEGUN).status(134).stderr([TRAPPED]),
        process("assert")
            .stdout(BEGUN)
            .status(134)
            .stderr(["Assertion failed: count == 3", TRAPPED]),
        // wasi-libc's emulation of signals aborts where Linux ends the process by the signal.
        process("raise")
            .stdout(format!("{BEGUN}signal SIGUSR1\nraised 0\nraised 0\n"))
            .status(134)
            .stderr(["Terminated", TRAPPED]),
    ]
}

/// How a Rust program begins and ends.
fn systems() -> Vec<Case> {
    const PANICKED: [&str; 2] = ["as asked for", "wasm trap: wasm `unreachable` instruction executed"];
    let system = |how| {
        run("system", &[how])
            .options(["--env", "KEY=value"])
            .stdin(Stdin::Bytes(b"first line\nsecond line\n".to_vec()))
            .stdout(expected!("system").replace("HOW", how))
            .stderr(["an error message"])
    };
    vec![
        system("return"),
        system("code").status(200),
        system("exit").status(17),
        system("abort").status(134).stderr(PANICKED[1..].iter().copied()),
        system("panic")
            .status(134)
            .stderr(PANICKED.into_iter().chain(["thread 1"])),
        system("thread")
            .status(134)
            .stderr(PANICKED.into_iter().chain(["thread 2"])),
    ]
}

/// Programs with threads. Each checks its own invariants and prints what held.
fn threads() -> Vec<Case> {
    let mut cases = Vec::new();
    for threads in [1, 2, 8] {
        let argument = threads.to_string();
        let printed =
            (0..threads).flat_map(|thread| (0..50).map(move |line| format!("thread {thread} prints line {line}")));
        let held = expected!("parallel").lines().map(str::to_owned);
        cases.push(run("parallel", &[&argument]).lines(held.chain(printed)));
        cases.push(run("pthreads", &[&argument]).stdout(expected!("pthreads")));
        let trees = (0..threads).map(|thread| format!("thread {thread}: 1 tree, 20 replaced, 2 copied, no failure\n"));
        cases.push(run("tree", &[&argument]).stdout(trees.chain(["3 left\n".to_owned()]).collect::<String>()));
    }
    cases.push(run("barriers", &[]).stdout("1000 barriers of 8 threads, 0 passed too early\nwho waits sleeps\n"));
    cases.into_iter().map(|case| case.times(3).workers(WORKERS)).collect()
}
