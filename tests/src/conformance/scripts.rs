//! Runs the conformance scripts.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use weft_wast::{Failure, Kind, Options, Outcome};

/// A script and what came of it.
#[derive(Debug)]
pub(super) struct Script {
    /// The file, from the repository's folder, with slashes.
    pub(super) file: String,
    /// All its directives, in order.
    pub(super) directives: Vec<Directive>,
}

/// One directive of a script.
#[derive(Debug)]
pub(super) struct Directive {
    /// Where it begins, from 1.
    pub(super) line: usize,
    pub(super) kind: Kind,
    /// Whether it came out as it should, or what was wrong.
    pub(super) outcome: Result<(), String>,
}

impl Directive {
    /// Whether it shows that something is refused.
    pub(super) fn is_refusal(&self) -> bool {
        [Kind::AssertInvalid, Kind::AssertMalformed, Kind::AssertUnlinkable].contains(&self.kind)
    }
}

/// Runs all scripts of a folder.
pub(super) fn run_all(folder: &Path) -> Result<Vec<Script>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wast") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| run(path)).collect()
}

fn run(path: &Path) -> Result<Script> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let report = weft_wast::run(&text, &Options::default());
    let mut directives: Vec<Directive> = report.directives.into_iter().map(Directive::from).collect();
    // What runs in a thread of the script may be done later.
    directives.sort_by_key(|directive| directive.line);
    Ok(Script {
        file: format!("tests/conformance/{name}"),
        directives,
    })
}

impl From<weft_wast::Directive> for Directive {
    fn from(directive: weft_wast::Directive) -> Self {
        let outcome = match directive.outcome {
            Outcome::Passed => Ok(()),
            Outcome::Failed(Failure { expected, actual }) => Err(format!("expected {expected}, got {actual}")),
            Outcome::Skipped(reason) => Err(format!("it was not run: {reason}")),
        };
        Directive {
            line: directive.line,
            kind: directive.kind,
            outcome,
        }
    }
}
