//! Components of WASI 0.2: with parallel threads, and without threads on both runtimes, on which they must do the same.

use crate::{WORKERS, scratch, trial};
use anyhow::Result;
use libtest_mimic::Trial;
use std::fs;
use weft_tests::{Case, Stdin, Weft, fixture};

/// The options that choose a runtime for a component without threads.
const RUNTIMES: [&[&str]; 2] = [&[], &["--runtime", "weft"]];

pub(crate) fn cases() -> Vec<Case> {
    let threads = Case::run("wasi_0_2_threads.wat")
        .lines([
            "on a stream of its own",
            "on a shared stream (1)",
            "on a shared stream (2)",
            "after all the threads!",
        ])
        .workers(WORKERS)
        .times(10);
    let mut cases = vec![threads];
    for runtime in RUNTIMES {
        let named = |name: &str| format!("wasi 0.2, {runtime:?}: {name}");
        cases.extend([
            Case::run("wasi_0_2.wat")
                .named(named("arguments and variables"))
                .options(runtime.iter().copied())
                .options(["--env", "KEY=value", "--env", "INHERITED", "--env", "EMPTY="])
                .arguments(["one", "two words", "--env"])
                .stdout(
                    "argument wasi_0_2.wat\nargument one\nargument two words\nargument --env\n\
                     variable KEY=value\nvariable INHERITED=from outside\nvariable EMPTY=\n",
                ),
            Case::run("wasi_0_2.wat")
                .named(named("a file that is not there"))
                .options(runtime.iter().copied())
                .options(["--dir", concat!(env!("CARGO_MANIFEST_DIR"), "/src::/in")])
                .status(1)
                .stdout_contains(["directory /in\n"]),
            Case::run("stdin_0_2.wat")
                .named(named("standard input"))
                .options(runtime.iter().copied())
                .stdin(Stdin::Bytes(b"text".to_vec())),
            Case::run("stdin_0_2.wat")
                .named(named("the end of standard input"))
                .options(runtime.iter().copied())
                .status(1),
        ]);
    }
    cases
}

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![trial(weft, "wasi 0.2: files of several directories", reads_files)]
}

/// Directories keep their order, and each is a descriptor of its own.
fn reads_files(weft: &Weft) -> Result<()> {
    let directory = scratch("wasi 0.2 reads files")?;
    let mut options = Vec::new();
    for (name, text) in [("one", "first\n"), ("two", "second\n")] {
        fs::create_dir(directory.join(name))?;
        fs::write(directory.join(name).join("input.txt"), text)?;
        options.extend([
            "--dir".to_owned(),
            format!("{}::/{name}", directory.join(name).display()),
        ]);
    }
    for runtime in RUNTIMES {
        let mut command = vec!["run".to_owned()];
        command.extend(runtime.iter().map(|option| (*option).to_owned()));
        command.extend(options.iter().cloned());
        command.push(fixture("wasi_0_2.wat"));
        let case =
            Case::command("run").stdout("argument wasi_0_2.wat\ndirectory /one\nfirst\ndirectory /two\nsecond\n");
        case.check(&weft.run(command, &Stdin::Bytes(Vec::new()))?)?;
    }
    Ok(())
}
