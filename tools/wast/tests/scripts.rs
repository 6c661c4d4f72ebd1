//! Scripts and their expected outcomes.
//!
//! | Directory | Each script there |
//! |---|---|
//! | `scripts` | passes |
//! | `failing` | has the summary in `NAME.txt` |
//! | `endless` | has the summary in `NAME.txt`, and runs until its short time limit |
//!
//! With `BLESS=1` in the environment, the tests write the summaries instead of comparing them.

use libtest_mimic::{Arguments, Failed, Trial};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use weft_wast::{Kind, Options, Outcome, Runtime, run};

/// For scripts that do not end.
const SHORT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> io::Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for (directory, test) in [
        ("scripts", passes as fn(&Path) -> Result<(), Failed>),
        ("failing", |path| fails(path, &Options::default())),
        ("endless", endless),
    ] {
        for path in scripts(directory)? {
            let name = format!("{directory}/{}", name(&path));
            trials.push(Trial::test(name, move || test(&path)));
        }
    }
    for script in ["component_values", "exported_again", "values"] {
        trials.push(Trial::test(
            format!("scripts/{script}.wast on one runtime"),
            move || {
                let path = PathBuf::from(format!("{}/tests/scripts/{script}.wast", env!("CARGO_MANIFEST_DIR")));
                let options = Options {
                    runtime: Runtime::Weft,
                    ..Options::default()
                };
                passes_with(&path, &options)
            },
        ));
    }
    trials.push(Trial::test("beginnings", beginnings));
    trials.push(Trial::test("nesting", nesting));
    trials.push(Trial::test("out of time", out_of_time));
    Ok(trials)
}

/// A script that ends anywhere fails if it ends within a form, and not otherwise.
fn beginnings() -> Result<(), Failed> {
    let script = include_str!("scripts/beginnings.wast");
    let mut depth = 0;
    for (offset, character) in script.char_indices() {
        let report = run(&script[..offset], &Options::default());
        let has_failed = report.counts().failed > 0;
        if has_failed != (depth > 0) {
            return Err(format!("{} ({offset} bytes)", report.summary("beginning")).into());
        }
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    Ok(())
}

/// However deep something is nested, it is accepted or refused, and what follows is run.
fn nesting() -> Result<(), Failed> {
    for [first, open, close, last] in [
        ["", "(component ", ")", ""],
        ["", "(thread $t ", ")", ""],
        ["", "(; ", ";)", ""],
        ["(module (func ", "(block ", ")", "))"],
        ["(invoke \"f\" ", "(list.const ", ")", ")"],
        ["(assert_return (invoke \"f\") ", "(either ", ")", ")"],
    ] {
        let (open, close) = (open.repeat(10_000), close.repeat(10_000));
        let script = format!("{first}{open}{close}{last} (module) (assert_return (invoke \"none\"))");
        let report = run(&script, &Options::default());
        let last = report.directives.last().ok_or("nothing was run")?;
        if last.kind != Kind::AssertReturn || !matches!(last.outcome, Outcome::Failed(_)) {
            return Err(report.summary("nesting").to_string().into());
        }
    }
    Ok(())
}

/// Wherever the time is over, all directives are counted, and something fails if any was not run.
fn out_of_time() -> Result<(), Failed> {
    const COUNT: usize = 200;
    let script = "(module (func (export \"f\")))\n".repeat(COUNT);
    for limit in (0..40).map(|step| Duration::from_micros(500 * step)) {
        let options = Options {
            time_limit: limit,
            ..Options::default()
        };
        let report = run(&script, &options);
        let counts = report.counts();
        if report.directives.len() != COUNT || counts.skipped > 0 && counts.failed == 0 {
            return Err(format!("{limit:?}: {}", report.summary("script")).into());
        }
    }
    Ok(())
}

fn scripts(directory: &str) -> io::Result<Vec<PathBuf>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(directory);
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wast") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn summary(path: &Path, options: &Options) -> io::Result<String> {
    let report = run(&fs::read_to_string(path)?, options);
    Ok(format!("{}\n", report.summary(&name(path))))
}

fn passes(path: &Path) -> Result<(), Failed> {
    passes_with(path, &Options::default())
}

fn passes_with(path: &Path, options: &Options) -> Result<(), Failed> {
    let report = run(&fs::read_to_string(path)?, options);
    let counts = report.counts();
    if counts.failed == 0 && counts.skipped == 0 && counts.passed > 0 {
        return Ok(());
    }
    Err(report.summary(&name(path)).to_string().into())
}

fn endless(path: &Path) -> Result<(), Failed> {
    let options = Options {
        time_limit: SHORT,
        ..Options::default()
    };
    fails(path, &options)
}

fn fails(path: &Path, options: &Options) -> Result<(), Failed> {
    let actual = summary(path, options)?;
    let golden = path.with_extension("txt");
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        return Ok(fs::write(golden, actual)?);
    }
    let expected = fs::read_to_string(golden)?;
    match actual == expected {
        true => Ok(()),
        false => Err(format!("--- expected\n{expected}\n--- actual\n{actual}").into()),
    }
}
