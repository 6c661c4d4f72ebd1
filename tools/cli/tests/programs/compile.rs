//! `weft compile`, and `weft run` of what it writes.

use crate::{scratch, trial};
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use weft_tests::{Outcome, Stdin, Weft, fixture};

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(
            weft,
            "compile: a program for each runtime runs as its source does",
            both_runtimes,
        ),
        trial(
            weft,
            "compile: what was compiled with options runs with the same ones",
            options,
        ),
        trial(weft, "compile: machine code runs only by its name", names),
        trial(weft, "compile: damaged and foreign files are refused", damage),
        trial(
            weft,
            "compile: other commands refuse machine code by name",
            other_commands,
        ),
        trial(weft, "compile: what cannot be compiled", refusals),
        trial(weft, "compile: a file is written as a whole or not at all", whole_files),
    ]
}

fn run(weft: &Weft, line: &[&str]) -> Result<Outcome> {
    let line: Vec<String> = line.iter().map(|&word| word.to_owned()).collect();
    weft.run(line, &Stdin::Bytes(Vec::new()))
}

fn succeeds(weft: &Weft, line: &[&str]) -> Result<String> {
    let outcome = run(weft, line)?;
    ensure!(
        outcome.status == Some(0) && outcome.stderr.is_empty(),
        "{line:?}: {outcome:?}"
    );
    Ok(String::from_utf8(outcome.stdout)?)
}

/// The lines in an order that does not depend on the threads that print them.
fn sorted(output: &str) -> Vec<String> {
    let mut lines: Vec<_> = output.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Checks that a command is refused with each of these words.
fn fails(weft: &Weft, line: &[&str], words: &[&str]) -> Result<()> {
    let outcome = run(weft, line)?;
    let message = &outcome.stderr;
    ensure!(
        outcome.status == Some(1) && outcome.stdout.is_empty(),
        "{line:?}: {outcome:?}"
    );
    for word in words {
        ensure!(message.contains(word), "{line:?}: `{word}` is not in {message}");
    }
    Ok(())
}

fn compiled(weft: &Weft, folder: &Path, options: &[&str], program: &str) -> Result<String> {
    let output = folder.join("program.cwasm").display().to_string();
    let source = fixture(program);
    let line: Vec<&str> = ["compile"]
        .iter()
        .chain(options)
        .copied()
        .chain(["-o", &output, &source])
        .collect();
    succeeds(weft, &line)?;
    Ok(output)
}

fn both_runtimes(weft: &Weft) -> Result<()> {
    let folder = scratch("compile-both")?;
    for (program, runtime) in [("hello_c.wasm", "runtime weft"), ("wasi_0_3.wat", "runtime wasmtime")] {
        let source = sorted(&succeeds(weft, &["run", "--no-cache", &fixture(program)])?);
        let file = compiled(weft, &folder, &[], program)?;
        ensure!(sorted(&succeeds(weft, &["run", &file])?) == source, "{program}");
        let report = succeeds(weft, &["inspect", &file])?;
        ensure!(
            report.contains(runtime) && report.contains("`weft run` runs it"),
            "{report}"
        );
        let json = succeeds(weft, &["inspect", "--json", &file])?;
        ensure!(json.contains("\"wasmtime\": \""), "{json}");
    }
    Ok(())
}

fn options(weft: &Weft) -> Result<()> {
    let folder = scratch("compile-options")?;
    let file = compiled(weft, &folder, &["--interruption", "epochs"], "hello_c.wasm")?;
    succeeds(weft, &["run", "--interruption", "epochs", &file])?;
    let file = compiled(weft, &folder, &["--deterministic"], "cat.wasm")?;
    succeeds(weft, &["run", "--deterministic", &file])?;
    fails(weft, &["run", &file], &["use `--deterministic`"])?;
    let file = compiled(weft, &folder, &["--inlining"], "cat.wasm")?;
    succeeds(weft, &["run", "--inlining", &file])?;
    succeeds(weft, &["inspect", &file])?;
    fails(weft, &["run", &file], &["use `--inlining`"])?;
    for program in ["cat.wasm", "wasi_0_2.wat"] {
        let file = compiled(weft, &folder, &[], program)?;
        let advice = "`weft compile --inlining`, or run it without `--inlining`";
        fails(weft, &["run", "--inlining", &file], &[advice])?;
    }
    // The last one is for the cooperative runtime.
    let file = folder.join("program.cwasm").display().to_string();
    fails(
        weft,
        &["run", "--runtime", "weft", &file],
        &["for another runtime, `wasmtime`: run it without `--runtime`"],
    )?;
    let file = compiled(weft, &folder, &[], "cat.wasm")?;
    fails(
        weft,
        &["run", "--deterministic", &file],
        &["`weft compile --deterministic`"],
    )
}

fn names(weft: &Weft) -> Result<()> {
    let folder = scratch("compile-names")?;
    let file = compiled(weft, &folder, &[], "hello_c.wasm")?;
    let disguised = folder.join("program.wasm").display().to_string();
    fs::rename(file, &disguised)?;
    fails(weft, &["run", &disguised], &["is a compiled program", "*.cwasm"])?;
    // The other way round, the content decides.
    let source = folder.join("source.cwasm").display().to_string();
    fs::copy(fixture("hello_c.wasm"), &source)?;
    succeeds(weft, &["run", "--no-cache", &source]).map(drop)
}

fn damage(weft: &Weft) -> Result<()> {
    let folder = scratch("compile-damage")?;
    let file = compiled(weft, &folder, &[], "hello_c.wasm")?;
    let sound = fs::read(&file)?;
    let mut damaged = sound.clone();
    damaged[sound.len() / 2] ^= 1;
    for bytes in [&damaged[..], &sound[..sound.len() - 1], &sound[..20]] {
        fs::write(&file, bytes)?;
        fails(weft, &["run", &file], &["damaged"])?;
        fails(weft, &["inspect", &file], &["damaged"])?;
    }
    let mut later = sound;
    later[7] = 9;
    fs::write(&file, &later)?;
    fails(
        weft,
        &["run", &file],
        &["another version of weft compiled it", "`weft compile`"],
    )
}

fn other_commands(weft: &Weft) -> Result<()> {
    let folder = scratch("compile-others")?;
    let file = compiled(weft, &folder, &[], "hello_c.wasm")?;
    for command in ["adapt", "validate", "lower"] {
        fails(weft, &[command, &file], &["is a compiled program", "give its source"])?;
    }
    fails(weft, &["compile", &file], &["it is already compiled"])?;
    fails(weft, &["inspect", "--wit", &file], &["a compiled program has no world"])
}

fn refusals(weft: &Weft) -> Result<()> {
    let folder = scratch("compile-refusals")?;
    let output = folder.join("none.cwasm");
    let out = output.display().to_string();
    fails(
        weft,
        &["compile", "-o", &out, &fixture("refused/unknown_imports.wat")],
        &["cannot compile", "env/open_window"],
    )?;
    fails(weft, &["compile", "-"], &["use `-o FILE`"])?;
    ensure!(!output.exists(), "there is a file");
    Ok(())
}

/// Every command that writes a file: to a disk that is full, which the limit of a file's size stands for, and to one that is not.
fn whole_files(weft: &Weft) -> Result<()> {
    let folder = scratch("compile-whole")?;
    for (command, program) in [
        ("compile", "hello_c.wasm"),
        ("adapt", "hello_c.wasm"),
        ("lower", "wasi_0_3.wat"),
    ] {
        let output = folder.join(command);
        let fails = || -> Result<()> {
            // The limit is 512 or 1,024 bytes. A write beyond it fails, because the signal is ignored.
            let outcome = Command::new("sh")
                .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh"])
                .arg(weft.path())
                .args([command, &fixture(program), "-o"])
                .arg(&output)
                .env("XDG_CACHE_HOME", weft.cache())
                .output()?;
            let message = String::from_utf8_lossy(&outcome.stderr);
            ensure!(
                outcome.status.code() == Some(1) && message.contains("cannot write `"),
                "{command}: {outcome:?}"
            );
            Ok(())
        };
        fails()?;
        ensure!(fs::read_dir(&folder)?.count() == 0, "{command} leaves a file");
        fs::write(&output, "before")?;
        fails()?;
        ensure!(fs::read(&output)? == b"before", "{command} loses what was there");

        // Another file takes its place, with the same permissions, also behind a link.
        let link = folder.join("link");
        symlink(&output, &link)?;
        fs::set_permissions(&output, fs::Permissions::from_mode(0o640))?;
        succeeds(weft, &[command, &fixture(program), "-o", &link.display().to_string()])?;
        let metadata = fs::metadata(&output)?;
        ensure!(metadata.len() > 1024 && metadata.permissions().mode() & 0o777 == 0o640);
        ensure!(fs::symlink_metadata(&link)?.is_symlink());
        // A link to nothing is followed, too.
        fs::remove_file(&output)?;
        succeeds(weft, &[command, &fixture(program), "-o", &link.display().to_string()])?;
        ensure!(fs::metadata(&output)?.len() > 1024 && fs::symlink_metadata(&link)?.is_symlink());
        fs::remove_file(link)?;
        fs::remove_file(output)?;
    }
    Ok(())
}
