//! The outcome of a script, as data and as readable text.

use std::fmt;
use std::ops::AddAssign;

/// The outcome of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The directives in the order of the text, including those inside `(thread …)`.
    pub directives: Vec<Directive>,
}

/// A directive and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The line of its keyword, from 1.
    pub line: usize,
    /// The column of its keyword in characters, from 1.
    pub column: usize,
    /// Which directive it is.
    pub kind: Kind,
    /// Whether it passed.
    pub outcome: Outcome,
}

/// Whether a directive passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed.
    Failed(Failure),
    /// It did not run, for this reason.
    Skipped(String),
}

/// How a directive failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What the script expects.
    pub expected: String,
    /// What happened.
    pub actual: String,
}

impl Failure {
    pub(crate) fn new(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Failure {
            expected: expected.into(),
            actual: actual.into(),
        }
    }
}

/// The kinds of directives, and of the other parts of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the variants are the format's keywords")]
pub enum Kind {
    Module,
    Component,
    Definition,
    Instance,
    Register,
    Invoke,
    Get,
    AssertReturn,
    AssertTrap,
    AssertExhaustion,
    AssertException,
    AssertSuspension,
    AssertMalformed,
    AssertInvalid,
    AssertUnlinkable,
    AssertMalformedCustom,
    AssertInvalidCustom,
    Thread,
    Wait,
    /// A line `;;! key = value` at the head.
    Option,
    /// Text that is not a directive.
    Text,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Module => "module",
            Kind::Component => "component",
            Kind::Definition => "definition",
            Kind::Instance => "instance",
            Kind::Register => "register",
            Kind::Invoke => "invoke",
            Kind::Get => "get",
            Kind::AssertReturn => "assert_return",
            Kind::AssertTrap => "assert_trap",
            Kind::AssertExhaustion => "assert_exhaustion",
            Kind::AssertException => "assert_exception",
            Kind::AssertSuspension => "assert_suspension",
            Kind::AssertMalformed => "assert_malformed",
            Kind::AssertInvalid => "assert_invalid",
            Kind::AssertUnlinkable => "assert_unlinkable",
            Kind::AssertMalformedCustom => "assert_malformed_custom",
            Kind::AssertInvalidCustom => "assert_invalid_custom",
            Kind::Thread => "thread",
            Kind::Wait => "wait",
            Kind::Option => "option",
            Kind::Text => "text",
        })
    }
}

impl Report {
    /// How many directives passed, failed and were skipped.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for directive in &self.directives {
            match directive.outcome {
                Outcome::Passed => counts.passed += 1,
                Outcome::Failed(_) => counts.failed += 1,
                Outcome::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }

    /// The report as text: each failure and each skipped directive as `name:line:column`, then the numbers.
    pub fn summary<'a>(&'a self, name: &'a str) -> Summary<'a> {
        Summary { report: self, name }
    }
}

/// How many directives had each outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Those that passed.
    pub passed: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those that did not run.
    pub skipped: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        match self.skipped {
            0 => Ok(()),
            skipped => write!(f, ", {skipped} skipped"),
        }
    }
}

/// The text of a [`Report`]: see [`Report::summary`].
#[derive(Debug, Clone, Copy)]
pub struct Summary<'a> {
    report: &'a Report,
    name: &'a str,
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        // Directives that were skipped in a row for the same reason share one line.
        let same = |one: &Directive, next: &Directive| match (&one.outcome, &next.outcome) {
            (Outcome::Skipped(reason), Outcome::Skipped(next)) => reason == next,
            _ => false,
        };
        for row in self.report.directives.chunk_by(same) {
            let Some(Directive {
                line,
                column,
                kind,
                outcome,
            }) = row.first()
            else {
                continue;
            };
            match (outcome, row.len()) {
                (Outcome::Passed, _) => {}
                (Outcome::Skipped(reason), 1) => writeln!(f, "{name}:{line}:{column}: {kind} skipped: {reason}")?,
                (Outcome::Skipped(reason), count) => {
                    writeln!(f, "{name}:{line}:{column}: {count} directives skipped: {reason}")?;
                }
                (Outcome::Failed(failure), _) => {
                    writeln!(f, "{name}:{line}:{column}: {kind} failed")?;
                    writeln!(f, "    expected: {}", indented(&failure.expected))?;
                    writeln!(f, "         got: {}", indented(&failure.actual))?;
                }
            }
        }
        write!(f, "{name}: {}", self.report.counts())
    }
}

/// Indents the lines of a message after the first.
fn indented(message: &str) -> String {
    message.replace('\n', "\n              ")
}
