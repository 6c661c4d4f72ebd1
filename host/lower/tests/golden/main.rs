//! Golden tests of the passes: `tests/cases` contains components and the output of each pass.
//!
//! | File | Content |
//! |---|---|
//! | `NAME.wat` | a component |
//! | `NAME.unshared.wat` | its unshared form |
//! | `NAME.plan.txt` | its plan, as text |
//! | `NAME.module.wat` | the run-time module |
//! | `error-NAME.wat` | a component that is refused |
//! | `error-NAME.txt` | why |
//!
//! `tests/modules` contains core modules and, as `NAME.unshared.wat`, their form for one store.
//!
//! Beside the comparison, the tests check properties that all outputs must have: see [`invariants`]. A case named
//! `plain-*` uses no threads, so the code of its modules must not change. A case named `stock-*` is only for stock
//! tools, so it has no plan. A case named `deterministic-*` is also only for these, and is unshared for the
//! deterministic profile.
//!
//! With `BLESS=1` in the environment, the tests write the outputs instead of comparing them.

mod invariants;
#[path = "../passes/mod.rs"]
mod passes;

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Trial};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use weft_lower::{Component, Profile};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for path in sources("tests/cases")? {
        let name = stem(&path)?;
        if name.starts_with("error-") {
            trials.push(trial("refuse", &name, path, refuse));
            continue;
        }
        if name.starts_with("plain-") {
            trials.push(trial("unchanged", &name, path.clone(), unchanged));
        }
        if name.starts_with("deterministic-") {
            trials.push(trial("unshare", &name, path, unshare_deterministic));
            continue;
        }
        trials.push(trial("unshare", &name, path.clone(), unshare));
        if !name.starts_with("stock-") {
            trials.push(trial("lower", &name, path, lower));
        }
    }
    for path in sources("tests/modules")? {
        trials.push(trial("unshare-module", &stem(&path)?, path, unshare_module));
    }
    Ok(trials)
}

fn trial(pass: &str, name: &str, path: PathBuf, test: fn(&Path) -> Result<()>) -> Trial {
    Trial::test(format!("{pass}::{name}"), move || {
        test(&path).map_err(|error| format!("{error:#}").into())
    })
}

/// The inputs of a directory: files with one extension. Outputs have two.
fn sources(directory: &str) -> Result<Vec<PathBuf>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut paths = Vec::new();
    for entry in fs::read_dir(&directory).with_context(|| format!("reading `{}`", directory.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wat") && !stem(&path)?.contains('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> Result<String> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    Ok(stem.context("a case without a name")?.to_owned())
}

fn refuse(path: &Path) -> Result<()> {
    match passes::lower(&fs::read(path)?) {
        Ok(_) => bail!("a component that is to be refused was lowered"),
        // With its sources, as the command shows it.
        Err(error) => compare(
            &path.with_extension("txt"),
            &format!("{:#}\n", anyhow::Error::from(error)),
        ),
    }
}

fn unshare(path: &Path) -> Result<()> {
    check_unshared(path, Profile::Full)
}

fn unshare_deterministic(path: &Path) -> Result<()> {
    check_unshared(path, Profile::Deterministic)
}

fn check_unshared(path: &Path, profile: Profile) -> Result<()> {
    let input = fs::read(path)?;
    let component = Component::read(&input)?;
    let unshared = component.unshare(profile)?;
    compare(&path.with_extension("unshared.wat"), &unshared.to_text()?)?;
    invariants::unshared(unshared.bytes())?;
    let again = passes::unshare(unshared.bytes())?;
    ensure!(
        again == unshared.bytes(),
        "the unshared form changes when it is unshared again"
    );
    Ok(())
}

fn unshare_module(path: &Path) -> Result<()> {
    let unshared = passes::unshare_module(&fs::read(path)?)?;
    compare(
        &path.with_extension("unshared.wat"),
        &wasmprinter::print_bytes(&unshared)?,
    )?;
    invariants::unshared_module(&unshared)?;
    let again = passes::unshare_module(&unshared)?;
    ensure!(again == unshared, "the unshared form changes when it is unshared again");
    Ok(())
}

fn lower(path: &Path) -> Result<()> {
    let plan = passes::lower(&fs::read(path)?)?;
    compare(&path.with_extension("plan.txt"), &plan.to_string())?;
    compare(&path.with_extension("module.wat"), &plan.module_to_text()?)?;
    invariants::plan(&plan)
}

fn unchanged(path: &Path) -> Result<()> {
    let component = fs::read(path)?;
    let before = invariants::function_bodies(&weft_lower::to_binary(&component)?)?;
    let after = invariants::function_bodies(&passes::lower(&component)?.wasm)?;
    ensure!(!before.is_empty(), "there is no code to compare");
    // Functions of weft's own come last: those around lifted functions, and what runs once for all threads, which does nothing here.
    let after = after.get(..before.len()).context("the run-time module lacks code")?;
    ensure!(before == after, "code that uses nothing of threads has changed");
    Ok(())
}

fn compare(path: &Path, actual: &str) -> Result<()> {
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        return Ok(fs::write(path, actual)?);
    }
    let expected = fs::read_to_string(path).with_context(|| format!("reading `{}`", path.display()))?;
    if expected == actual {
        return Ok(());
    }
    let mut pairs = expected.lines().zip(actual.lines()).zip(1..);
    let (line, expected_line, actual_line) = match pairs.find(|((one, other), _)| one != other) {
        Some(((expected, actual), line)) => (line, expected, actual),
        None => (expected.lines().count().min(actual.lines().count()) + 1, "", ""),
    };
    bail!(
        "`{}` differs in line {line}:\n  expected: {expected_line}\n  actual:   {actual_line}\n\
         (BLESS=1 writes the file anew)",
        path.display()
    )
}
