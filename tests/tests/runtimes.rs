//! The component scripts of the repository on both runtimes.
//!
//! **Problem.** A component without threads runs on Wasmtime's component runtime and on weft's own, and must behave the
//! same on both. **Here,** each script runs once more, on the runtime that it does not ask for: the scripts of
//! `tests/components` on both, and all others on weft's own. `tests/runtimes.toml` lists the expected failures, with
//! the reasons. A failure that it does not list is an error, and so is an entry without a failure.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use weft_tests::conformance::root;
use weft_wast::{Failure, Options, Outcome, Runtime};

/// Scripts that pass where they run by default, or whose failures another list explains.
const FOLDERS: [&str; 4] = [
    "tests/conformance",
    "tools/wast/tests/scripts",
    "host/cooperative/tests/scripts/holds",
    "host/cooperative/tests/scripts/differs",
];

/// Scripts without threads, which pass on both runtimes.
const COMPARED: &str = "tests/components";

/// Why directives of some scripts fail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    /// The runtime on which they do: `weft` or `wasmtime`.
    runtime: String,
    /// For people.
    reason: String,
    /// A part of each failure's message.
    now: String,
    /// The files, from the repository's folder.
    scripts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    difference: Vec<Difference>,
}

#[test]
fn components_do_the_same_on_both_runtimes() -> Result<()> {
    let root = root();
    let list = fs::read_to_string(root.join("tests/runtimes.toml"))?;
    let list = toml::from_str::<File>(&list)
        .context("`tests/runtimes.toml`")?
        .difference;
    for difference in &list {
        ensure!(
            !difference.now.is_empty() && !difference.reason.is_empty(),
            "an entry says nothing"
        );
    }
    let mut problems = Vec::new();
    let mut used = Vec::new();
    let compared = scripts(&root.join(COMPARED))?;
    ensure!(compared.len() > 5, "`{COMPARED}` has too few scripts");
    for script in &compared {
        run(
            &root,
            script,
            "wasmtime",
            Runtime::ByThreads,
            &list,
            &mut used,
            &mut problems,
        )?;
        run(&root, script, "weft", Runtime::Weft, &list, &mut used, &mut problems)?;
    }
    for folder in FOLDERS {
        for script in scripts(&root.join(folder))? {
            run(&root, &script, "weft", Runtime::Weft, &list, &mut used, &mut problems)?;
        }
    }
    for (position, difference) in list.iter().enumerate() {
        for script in &difference.scripts {
            if !used.contains(&(position, script.clone())) {
                problems.push(format!("{script}: nothing fails by `{}` any more", difference.now));
            }
        }
    }
    ensure!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
    Ok(())
}

/// Runs a script, and notes which entries explain its failures, and which failures none explains.
fn run(
    root: &Path,
    path: &Path,
    name: &str,
    runtime: Runtime,
    list: &[Difference],
    used: &mut Vec<(usize, String)>,
    problems: &mut Vec<String>,
) -> Result<()> {
    let script = path.strip_prefix(root)?.to_string_lossy().into_owned();
    let options = Options {
        runtime,
        ..Options::default()
    };
    let report = weft_wast::run(&fs::read_to_string(path)?, &options);
    let mut has_failed = false;
    for directive in &report.directives {
        match &directive.outcome {
            Outcome::Passed => {}
            Outcome::Failed(Failure { expected, actual }) => {
                has_failed = true;
                let explains = |(_, difference): &(usize, &Difference)| {
                    difference.runtime == name
                        && difference.scripts.contains(&script)
                        && actual.contains(&difference.now)
                };
                match list.iter().enumerate().find(explains) {
                    Some((position, _)) => used.push((position, script.clone())),
                    None => problems.push(format!(
                        "{script}:{} on {name}: expected {expected}, got {actual}",
                        directive.line
                    )),
                }
            }
            // What needs something that failed. It says nothing by itself.
            Outcome::Skipped(_) if has_failed => {}
            Outcome::Skipped(reason) => problems.push(format!("{script}:{} on {name}: {reason}", directive.line)),
        }
    }
    Ok(())
}

fn scripts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wast") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
