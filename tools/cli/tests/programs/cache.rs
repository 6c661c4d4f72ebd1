//! The cache of `weft run`.
//!
//! A start that compiles replaces the cache's entry with a new file. So the file shows whether a start used the cache.

use crate::needs::{Need, trial_with};
use crate::{scratch, trial};
use anyhow::{Context, Result, anyhow, ensure};
use libtest_mimic::Trial;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use weft_tests::{Outcome, Stdin, Weft, fixture};

const PROGRAM: &str = "hello_c.wasm";

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(
            weft,
            "cache: a second start takes what the first one kept",
            second_start,
        ),
        trial(weft, "cache: text and other runtimes", all_kinds),
        trial(weft, "cache: warnings of a program that was kept", warnings),
        trial(weft, "cache: a damaged entry is as good as none", damaged_entries),
        trial(weft, "cache: entries are the user's alone", permissions),
        trial_with(&[Need::Root], weft, "cache: an entry of another user's", foreign_entry),
        trial(weft, "cache: a folder that cannot be used", unusable_folders),
        trial(weft, "cache: the code by which an engine tests itself", self_test),
        trial(weft, "cache: many starts at once", many_starts),
        trial(weft, "cache: --no-cache", no_cache),
        trial(weft, "cache: a program that is refused", refused_program),
    ]
}

/// The arguments of `weft run` with a cache in this folder.
fn line(folder: &Path, options: &[&str], program: &str) -> Vec<String> {
    let mut line = vec!["run".to_owned(), "--cache-dir".to_owned(), folder.display().to_string()];
    line.extend(options.iter().map(|&option| option.to_owned()));
    line.push(fixture(program));
    line
}

fn run(weft: &Weft, folder: &Path, options: &[&str], program: &str) -> Result<Outcome> {
    weft.run(line(folder, options, program), &Stdin::Bytes(Vec::new()))
}

/// Runs the program as it should run whatever is in the cache.
fn run_well(weft: &Weft, folder: &Path) -> Result<()> {
    is_well(&run(weft, folder, &[], PROGRAM)?)
}

fn is_well(outcome: &Outcome) -> Result<()> {
    ensure!(
        outcome.status == Some(0) && outcome.stdout.ends_with(b"all joined\n") && outcome.stderr.is_empty(),
        "{outcome:?}"
    );
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(folder)?.map(|file| Ok(file?.path()));
    files.collect()
}

/// What stands before the payload of an entry.
const HEADER: usize = 72;

/// The entries of programs, and those of engines: the code by which they test interruption, an ELF file.
fn entries(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut programs, mut engines) = (vec![], vec![]);
    for file in files(folder)? {
        match fs::read(&file)?
            .get(HEADER..)
            .is_some_and(|code| code.starts_with(b"\x7fELF"))
        {
            true => engines.push(file),
            false => programs.push(file),
        }
    }
    Ok((programs, engines))
}

/// The only one, and what tells it from a later one.
fn only(entries: &[PathBuf]) -> Result<(PathBuf, u64)> {
    ensure!(entries.len() == 1, "{entries:?}");
    let inode = fs::metadata(&entries[0])?.ino();
    Ok((entries[0].clone(), inode))
}

/// The only entry of a program.
fn entry(folder: &Path) -> Result<(PathBuf, u64)> {
    only(&entries(folder)?.0)
}

fn second_start(weft: &Weft) -> Result<()> {
    let folder = scratch("cache-second")?;
    run_well(weft, &folder)?;
    let first = entry(&folder)?;
    for options in [
        &[][..],
        &["--workers", "1"],
        &["--max-threads", "20"],
        &["--env", "A=B"],
    ] {
        is_well(&run(weft, &folder, options, PROGRAM)?)?;
        ensure!(entry(&folder)? == first, "it was compiled again with {options:?}");
    }
    let input = fs::read(fixture(PROGRAM))?;
    let mut from_stdin = line(&folder, &[], PROGRAM);
    from_stdin.pop();
    from_stdin.push("-".to_owned());
    is_well(&weft.run(from_stdin, &Stdin::Bytes(input))?)?;
    ensure!(entry(&folder)? == first, "the program's path does not matter");
    run(weft, &folder, &["--deterministic"], PROGRAM)?;
    ensure!(
        entries(&folder)?.0.len() == 2,
        "it is compiled to something else for other options"
    );
    Ok(())
}

fn all_kinds(weft: &Weft) -> Result<()> {
    for program in ["text.wat", "wasi_0_2.wat", "hello.wasm"] {
        let folder = scratch(&format!("cache-{program}"))?;
        let first = run(weft, &folder, &[], program)?;
        let kept = entry(&folder)?;
        let second = run(weft, &folder, &[], program)?;
        ensure!(entry(&folder)? == kept, "{program} was compiled again");
        ensure!(first.status == Some(0), "{program}: {first:?}");
        ensure!(second.status == first.status, "{program}: {first:?}, then {second:?}");
    }
    Ok(())
}

/// What there is to say of a program is said at each start.
fn warnings(weft: &Weft) -> Result<()> {
    let folder = scratch("cache-warnings")?;
    let first = run(weft, &folder, &[], "never_spawns.wat")?;
    let kept = entry(&folder)?;
    let second = run(weft, &folder, &[], "never_spawns.wat")?;
    ensure!(entry(&folder)? == kept, "it was compiled again");
    ensure!(
        first
            .stderr
            .starts_with("warning: the module imports `wasi.thread-spawn`"),
        "{first:?}"
    );
    ensure!(second.stderr == first.stderr, "{first:?}, then {second:?}");
    Ok(())
}

fn damaged_entries(weft: &Weft) -> Result<()> {
    let folder = scratch("cache-damaged")?;
    run_well(weft, &folder)?;
    let (path, _) = entry(&folder)?;
    let sound = fs::read(&path)?;
    let step = sound.len() / 60;
    let flipped = (0..sound.len()).step_by(step).map(|position| {
        let mut damaged = sound.clone();
        damaged[position] ^= 0xff;
        damaged
    });
    let cut = [0, 1, 40, 72, 73, sound.len() / 2, sound.len() - 1].map(|length| sound[..length].to_vec());
    let replaced = [
        [&*sound, &[0; 100]].concat(),
        vec![0xff; sound.len()],
        b"#!/bin/sh\n".to_vec(),
    ];
    for damaged in flipped.chain(cut).chain(replaced) {
        fs::write(&path, &damaged)?;
        let (_, before) = entry(&folder)?;
        run_well(weft, &folder)?;
        let (_, after) = entry(&folder)?;
        ensure!(before != after, "the damaged entry is still there");
    }
    Ok(())
}

fn self_test(weft: &Weft) -> Result<()> {
    let folder = scratch("cache-self-test")?;
    run_well(weft, &folder)?;
    let engine = || only(&entries(&folder)?.1);
    let (path, first) = engine()?;
    let another = run(weft, &folder, &[], "text.wat")?;
    ensure!(another.status == Some(0), "{another:?}");
    ensure!(engine()? == (path.clone(), first), "it was compiled again");
    let mut damaged = fs::read(&path)?;
    let last = damaged.len() - 1;
    damaged[last] ^= 0xff;
    fs::write(&path, &damaged)?;
    run_well(weft, &folder)?;
    let (_, second) = engine()?;
    ensure!(first != second, "the damaged entry is still there");
    let epochs = scratch("cache-epochs")?;
    is_well(&run(weft, &epochs, &["--interruption", "epochs"], PROGRAM)?)?;
    ensure!(entries(&epochs)?.1.is_empty(), "epochs need no test");
    Ok(())
}

fn permissions(weft: &Weft) -> Result<()> {
    let parent = scratch("cache-permissions")?;
    let folder = parent.join("new/cache");
    let output = Command::new("sh")
        .args(["-c", "umask 000 && exec \"$@\"", "sh"])
        .arg(weft.path())
        .args(line(&folder, &[], PROGRAM))
        .stdin(Stdio::null())
        .output()
        .context("cannot start a shell")?;
    ensure!(output.status.success(), "{output:?}");
    let (path, first) = entry(&folder)?;
    for (path, expected) in [(&parent.join("new"), 0o700), (&folder, 0o700), (&path, 0o600)] {
        let mode = fs::metadata(path)?.mode() & 0o777;
        ensure!(mode == expected, "`{}` has mode {mode:o}", path.display());
    }
    // Another user could have written it.
    fs::set_permissions(&path, Permissions::from_mode(0o666))?;
    run_well(weft, &folder)?;
    let (_, second) = entry(&folder)?;
    ensure!(first != second, "an entry that others could write was used");
    ensure!(fs::metadata(&path)?.mode() & 0o777 == 0o600);
    Ok(())
}

fn foreign_entry(weft: &Weft) -> Result<()> {
    const SOMEBODY: u32 = 65534;
    let folder = scratch("cache-foreign")?;
    run_well(weft, &folder)?;
    let (path, first) = entry(&folder)?;
    chown(&path, Some(SOMEBODY), None)?;
    run_well(weft, &folder)?;
    let (_, second) = entry(&folder)?;
    ensure!(first != second, "another user's entry was used");
    fs::remove_file(&path)?;
    chown(&folder, Some(SOMEBODY), None)?;
    let outcome = run(weft, &folder, &[], PROGRAM)?;
    ensure!(
        outcome.status == Some(0) && outcome.stderr.contains("belongs to user 65534"),
        "{outcome:?}"
    );
    ensure!(entries(&folder)?.0.is_empty());
    Ok(())
}

/// The program runs. Who chose the folder is told.
fn unusable_folders(weft: &Weft) -> Result<()> {
    let parent = scratch("cache-unusable")?;
    let file = parent.join("file");
    fs::write(&file, "")?;
    let open = parent.join("open");
    fs::create_dir(&open)?;
    fs::set_permissions(&open, Permissions::from_mode(0o777))?;
    for (folder, why) in [
        (&file, "Not a directory"),
        (&file.join("x"), "Not a directory"),
        (&open, "other users"),
    ] {
        let outcome = run(weft, folder, &[], PROGRAM)?;
        let warning = outcome.stderr.strip_prefix("warning: cannot use `");
        ensure!(
            outcome.status == Some(0)
                && warning.is_some_and(|warning| warning.contains(why) && warning.lines().count() == 1),
            "{outcome:?}"
        );
    }
    ensure!(files(&open)?.is_empty());
    // Nobody chose this one.
    let output = Command::new(weft.path())
        .args(["run", &fixture(PROGRAM)])
        .env("XDG_CACHE_HOME", &file)
        .stdin(Stdio::null())
        .output()?;
    ensure!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    Ok(())
}

fn many_starts(weft: &Weft) -> Result<()> {
    let folder = scratch("cache-many")?;
    thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| run_well(weft, &folder))).collect();
        let ended = runs
            .into_iter()
            .map(|run| run.join().map_err(|_| anyhow!("a run panicked"))?);
        ended.collect::<Result<()>>()
    })?;
    entry(&folder)?;
    Ok(())
}

fn no_cache(weft: &Weft) -> Result<()> {
    let home = scratch("cache-none")?;
    let start = |options: &[&str]| -> Result<()> {
        let output = Command::new(weft.path())
            .arg("run")
            .args(options)
            .arg(fixture(PROGRAM))
            .env("XDG_CACHE_HOME", &home)
            .stdin(Stdio::null())
            .output()?;
        ensure!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        Ok(())
    };
    start(&["--no-cache"])?;
    ensure!(files(&home)?.is_empty(), "something was kept");
    start(&[])?;
    let (path, inode) = entry(&home.join("weft"))?;
    fs::write(&path, "damaged")?;
    start(&["--no-cache"])?;
    ensure!(entry(&home.join("weft"))? == (path, inode), "it was written");
    Ok(())
}

fn refused_program(weft: &Weft) -> Result<()> {
    let folder = scratch("cache-refused")?;
    for _ in 0..2 {
        let outcome = run(weft, &folder, &[], "refused/mixed_threads.wat")?;
        ensure!(outcome.status == Some(1), "{outcome:?}");
    }
    ensure!(entries(&folder)?.0.is_empty(), "nothing is kept of it");
    Ok(())
}
