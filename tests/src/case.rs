//! One row of the table of tests: a command and its expected outcome.

use crate::command::{Outcome, Stdin, Weft, fixture};
use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use std::fs;
use std::path::PathBuf;

/// What standard output must be.
#[derive(Clone, Debug)]
pub enum Stdout {
    /// Exactly this.
    Exactly(String),
    /// These lines in any order, as often as they stand here.
    Lines(Vec<String>),
    /// Something that contains each of these.
    Contains(Vec<String>),
}

/// A command line of `weft` and its expected outcome. Unless set otherwise, the command reads an empty standard input,
/// prints nothing to either stream, exits with status 0, and runs once with the default number of workers.
#[derive(Clone, Debug)]
pub struct Case {
    name: String,
    command: &'static str,
    options: Vec<String>,
    arguments: Vec<String>,
    directory: Option<PathBuf>,
    stdin: Stdin,
    status: i32,
    stdout: Stdout,
    stderr: Vec<String>,
    times: u32,
    workers: &'static [usize],
}

impl Case {
    /// `weft run` on a fixture. The case has the fixture's name.
    pub fn run(program: &str) -> Case {
        Case::command("run").arguments([fixture(program)]).named(program)
    }

    /// `weft adapt` on a fixture.
    pub fn adapt(program: &str) -> Case {
        Case::command("adapt")
            .arguments([fixture(program)])
            .named(format!("adapt {program}"))
    }

    /// `weft` with this subcommand.
    pub fn command(command: &'static str) -> Case {
        Case {
            name: command.to_owned(),
            command,
            options: Vec::new(),
            arguments: Vec::new(),
            directory: None,
            stdin: Stdin::Bytes(Vec::new()),
            status: 0,
            stdout: Stdout::Exactly(String::new()),
            stderr: Vec::new(),
            times: 1,
            workers: &[],
        }
    }

    /// Changes the case's name.
    pub fn named(mut self, name: impl Into<String>) -> Case {
        self.name = name.into();
        self
    }

    /// Adds options of `weft`, which come before the program.
    pub fn options<S: Into<String>>(mut self, options: impl IntoIterator<Item = S>) -> Case {
        self.options.extend(options.into_iter().map(Into::into));
        self
    }

    /// Adds arguments: the program's, in a case made with [`Case::run`].
    pub fn arguments<S: Into<String>>(mut self, arguments: impl IntoIterator<Item = S>) -> Case {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Gives the program, as `/`, a directory that is empty when a run begins. It is below this one, which is the case's own.
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Case {
        self.directory = Some(directory.into());
        self
    }

    /// What the process reads from standard input.
    pub fn stdin(mut self, stdin: Stdin) -> Case {
        self.stdin = stdin;
        self
    }

    /// The exit status that is expected.
    pub fn status(mut self, status: i32) -> Case {
        self.status = status;
        self
    }

    /// The standard output that is expected, to the byte.
    pub fn stdout(mut self, text: impl Into<String>) -> Case {
        self.stdout = Stdout::Exactly(text.into());
        self
    }

    /// The lines of standard output that are expected, in any order.
    pub fn lines<S: Into<String>>(mut self, lines: impl IntoIterator<Item = S>) -> Case {
        let mut lines: Vec<String> = lines.into_iter().map(Into::into).collect();
        lines.sort();
        self.stdout = Stdout::Lines(lines);
        self
    }

    /// Texts that standard output must contain.
    pub fn stdout_contains<S: Into<String>>(mut self, parts: impl IntoIterator<Item = S>) -> Case {
        self.stdout = Stdout::Contains(parts.into_iter().map(Into::into).collect());
        self
    }

    /// Texts that standard error must contain. Without any, it must be empty.
    pub fn stderr<S: Into<String>>(mut self, parts: impl IntoIterator<Item = S>) -> Case {
        self.stderr = parts.into_iter().map(Into::into).collect();
        self
    }

    /// Runs the case this many times for each number of workers.
    pub fn times(mut self, times: u32) -> Case {
        self.times = times;
        self
    }

    /// Runs the case with each of these numbers of workers.
    pub fn workers(mut self, workers: &'static [usize]) -> Case {
        self.workers = workers;
        self
    }

    /// The tests of this case: one for each number of workers.
    pub fn trials(self, weft: &Weft) -> Vec<Trial> {
        let numbers: Vec<Option<usize>> = match self.workers {
            [] => vec![None],
            numbers => numbers.iter().copied().map(Some).collect(),
        };
        numbers
            .into_iter()
            .map(|workers| {
                let (case, weft) = (self.clone(), weft.clone());
                let suffix = workers.map(|n| format!(", workers {n}")).unwrap_or_default();
                Trial::test(format!("{}{suffix}", self.name), move || {
                    case.check_all(&weft, workers)
                        .map_err(|error| format!("{error:#}").into())
                })
            })
            .collect()
    }

    fn check_all(&self, weft: &Weft, workers: Option<usize>) -> Result<()> {
        let mut line = vec![self.command.to_owned()];
        line.extend(
            workers
                .into_iter()
                .flat_map(|number| ["--workers".to_owned(), number.to_string()]),
        );
        // Runs with other numbers of workers may be in progress.
        let directory = self
            .directory
            .as_ref()
            .map(|all| all.join(workers.unwrap_or(0).to_string()));
        if let Some(directory) = &directory {
            line.extend(["--dir".to_owned(), format!("{}::/", directory.display())]);
        }
        line.extend(self.options.iter().chain(&self.arguments).cloned());
        for time in 1..=self.times {
            if let Some(directory) = &directory {
                if directory.exists() {
                    fs::remove_dir_all(directory)?;
                }
                fs::create_dir_all(directory)?;
            }
            weft.run(&line, &self.stdin)
                .and_then(|outcome| self.check(&outcome))
                .with_context(|| format!("run {time} of {}: weft {}", self.times, line.join(" ")))?;
        }
        Ok(())
    }

    /// Checks what came of one run.
    ///
    /// # Errors
    ///
    /// The outcome is another than the case expects.
    pub fn check(&self, outcome: &Outcome) -> Result<()> {
        self.compare(outcome).with_context(|| {
            let stdout = String::from_utf8_lossy(&outcome.stdout);
            format!("\n--- stdout\n{stdout}\n--- stderr\n{}\n---", outcome.stderr)
        })
    }

    fn compare(&self, outcome: &Outcome) -> Result<()> {
        match outcome.status {
            None => bail!("ended by a signal"),
            Some(status) => ensure!(status == self.status, "status {status}, not {}", self.status),
        }
        let stdout = std::str::from_utf8(&outcome.stdout).context("standard output is not text")?;
        match &self.stdout {
            Stdout::Exactly(text) => ensure!(stdout == text, "standard output is not {text:?}"),
            Stdout::Lines(expected) => {
                let mut lines: Vec<&str> = stdout.lines().collect();
                lines.sort_unstable();
                ensure!(lines == *expected, "standard output, sorted, is not {expected:?}");
            }
            Stdout::Contains(parts) => contains_all(stdout, parts, "standard output")?,
        }
        if self.stderr.is_empty() {
            ensure!(outcome.stderr.is_empty(), "standard error is not empty");
        }
        contains_all(&outcome.stderr, &self.stderr, "standard error")
    }
}

fn contains_all(text: &str, parts: &[String], what: &str) -> Result<()> {
    for part in parts {
        ensure!(text.contains(part), "{what} does not contain {part:?}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(status: Option<i32>, stdout: &str, stderr: &str) -> Outcome {
        Outcome {
            status,
            stdout: stdout.into(),
            stderr: stderr.into(),
        }
    }

    #[test]
    fn lines_may_come_in_any_order_but_as_often_as_they_stand() {
        let case = Case::command("run").lines(["b", "a", "a"]);
        assert!(case.check(&outcome(Some(0), "a\nb\na\n", "")).is_ok());
        assert!(case.check(&outcome(Some(0), "a\nb\n", "")).is_err());
        assert!(case.check(&outcome(Some(0), "a\nb\nb\n", "")).is_err());
    }

    #[test]
    fn another_status_a_signal_and_another_output_fail() {
        let case = Case::command("run").status(7).stdout("text");
        assert!(case.check(&outcome(Some(7), "text", "")).is_ok());
        assert!(case.check(&outcome(Some(0), "text", "")).is_err());
        assert!(case.check(&outcome(None, "text", "")).is_err());
        assert!(case.check(&outcome(Some(7), "text\n", "")).is_err());
    }

    #[test]
    fn standard_error_is_empty_or_contains_each_part() {
        let silent = Case::command("run");
        assert!(silent.check(&outcome(Some(0), "", "noise")).is_err());
        let loud = Case::command("run").stderr(["one", "two"]);
        assert!(loud.check(&outcome(Some(0), "", "one and two")).is_ok());
        assert!(loud.check(&outcome(Some(0), "", "one")).is_err());
    }
}
