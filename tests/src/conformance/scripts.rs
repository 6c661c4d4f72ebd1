//! Runs the conformance scripts.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

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
    /// Its keyword, such as `assert_return`.
    pub(super) keyword: String,
    /// Whether it came out as it should, or what was wrong.
    pub(super) outcome: Result<(), String>,
}

impl Directive {
    /// Whether it shows that something is refused.
    pub(super) fn is_refusal(&self) -> bool {
        ["assert_invalid", "assert_malformed", "assert_unlinkable"].contains(&self.keyword.as_str())
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
    let name = path.file_name().context("a script without a name")?.to_string_lossy();
    let _ = name;
    anyhow::bail!("no runner yet")
}
