//! The results of a benchmark run as a file: the figures, with the commit and the machine.
//!
//! The last run is in `target/bench/results.json`, and the one before beside it. A run of some groups only keeps the figures of the
//! others, if they are of the same commit and machine.

use crate::{Row, machine};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// What was run, and on what.
    pub subject: Subject,
    /// How many threads of the machine wanted to run when the run began.
    pub load: f64,
    /// In the order in which they ran.
    pub groups: Vec<GroupResults>,
}

/// What figures are of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The commit, with a `+` if files differ from it.
    pub commit: String,
    /// The name of the processor.
    pub processor: String,
    /// How many of them there are.
    pub processors: usize,
    /// The name and version of the operating system.
    pub system: String,
}

/// The figures of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupResults {
    /// The group's title.
    pub title: String,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl Subject {
    /// This commit on this machine.
    ///
    /// # Errors
    ///
    /// The system does not tell.
    pub fn here() -> Result<Self> {
        Ok(Subject {
            commit: commit().unwrap_or_else(|| "unknown".to_owned()),
            processor: machine::processor_name()?,
            processors: machine::processors().get(),
            system: machine::system()?,
        })
    }
}

/// `None` where there is no repository.
fn commit() -> Option<String> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = command.output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let changed = !git(&["status", "--porcelain"])?.is_empty();
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    Some(commit + if changed { "+" } else { "" })
}

impl Results {
    /// The file of the last run.
    pub fn last() -> PathBuf {
        folder().join("results.json")
    }

    /// The file of the run before the last.
    pub fn before_last() -> PathBuf {
        folder().join("results.previous.json")
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The file is missing or holds something else.
    pub fn read(file: &Path) -> Result<Self> {
        let text = fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("`{}` holds no results", file.display()))
    }

    /// Writes a file.
    ///
    /// # Errors
    ///
    /// The system refuses it.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))
    }

    /// Makes these the last run.
    ///
    /// # Errors
    ///
    /// The system refuses it.
    pub fn keep(mut self) -> Result<PathBuf> {
        let file = Results::last();
        if file.exists() {
            let last = Results::read(&file);
            fs::rename(&file, Results::before_last())?;
            if let Ok(last) = last {
                self.take_missing(last);
            }
        }
        self.write(&file)?;
        Ok(file)
    }

    /// Takes the groups that did not run from an earlier run, if that was of the same.
    fn take_missing(&mut self, earlier: Results) {
        if earlier.subject == self.subject {
            let ran = |group: &GroupResults| self.groups.iter().any(|own| own.title == group.title);
            let missing: Vec<_> = earlier.groups.into_iter().filter(|group| !ran(group)).collect();
            self.groups.extend(missing);
        }
    }

    /// The rows of a group. `None` if it did not run.
    pub fn group(&self, title: &str) -> Option<&[Row]> {
        let group = self.groups.iter().find(|group| group.title == title)?;
        Some(&group.rows)
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Figures, Target, Unit};

    fn results(commit: &str, groups: &[&str]) -> Results {
        let row = Row::new("a ratio", Unit::Ratio, Figures::of(&[1.0, 1.25]));
        let group = |title: &&str| GroupResults {
            title: (*title).to_owned(),
            rows: vec![row.clone().with_target(Target::AtMost(1.5))],
        };
        Results {
            subject: Subject {
                commit: commit.to_owned(),
                processor: "a processor".to_owned(),
                processors: 2,
                system: "a system".to_owned(),
            },
            load: 0.25,
            groups: groups.iter().map(group).collect(),
        }
    }

    #[test]
    fn a_file_holds_what_was_written() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("new/results.json");
        let written = results("abc", &["sort", "kernels"]);
        written.write(&file)?;
        assert_eq!(Results::read(&file)?, written);
        Ok(())
    }

    #[test]
    fn a_run_of_some_groups_keeps_the_others_of_the_same_commit() {
        let mut run = results("abc", &["kernels"]);
        run.take_missing(results("abc", &["sort", "kernels"]));
        assert_eq!(run, results("abc", &["kernels", "sort"]));
        run.take_missing(results("def", &["start-up"]));
        assert_eq!(run.group("start-up"), None);
    }
}
