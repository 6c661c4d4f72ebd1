//! Evidence: combines the marks with the rules that they name and with the outcomes of the scripts.

use super::expected::Expected;
use super::marks::{Mark, Place};
use super::rules::{Rule, Rules};
use super::scripts::{Directive, Script};
use anyhow::{Result, bail};
use std::collections::{BTreeMap, HashSet};

/// What is known of one rule.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// Tests that show it.
    pub(super) shown: Vec<Location>,
    /// Directives that fail, and why.
    pub(super) differs: Vec<(Location, String)>,
}

/// A file and a line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) file: String,
    pub(super) line: usize,
}

/// How a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Holds,
    Refused,
    NotApplicable,
    Differs,
    Open,
}

impl Status {
    /// The status that the evidence gives to the rule.
    pub(super) fn of(rule: &Rule, evidence: Option<&Evidence>) -> Status {
        match evidence {
            _ if rule.not_applicable.is_some() => Status::NotApplicable,
            Some(evidence) if !evidence.differs.is_empty() => Status::Differs,
            Some(evidence) if evidence.shown.is_empty() => Status::Open,
            Some(_) if rule.refused.is_some() => Status::Refused,
            Some(_) => Status::Holds,
            None => Status::Open,
        }
    }
}

/// Brings everything together, by rule.
///
/// # Errors
///
/// The data, the marks and the results do not agree: a line for each disagreement.
pub(super) fn gather(
    rules: &Rules,
    scripts: &[Script],
    marks: Vec<Mark>,
    expected: &[Expected],
) -> Result<BTreeMap<String, Evidence>> {
    let mut gathering = Gathering {
        rules,
        expected,
        used: HashSet::new(),
        evidence: BTreeMap::new(),
        refusals: HashSet::new(),
        problems: Vec::new(),
    };
    for mark in &marks {
        gathering.look_up(mark);
    }
    for script in scripts {
        let of_script = |mark: &&Mark| mark.place == Place::Script && mark.file == script.file;
        gathering.script(script, &marks.iter().filter(of_script).collect::<Vec<_>>());
    }
    for mark in marks.iter().filter(|mark| mark.place != Place::Script) {
        gathering.test(mark);
    }
    gathering.finish()
}

struct Gathering<'a> {
    rules: &'a Rules,
    expected: &'a [Expected],
    /// The positions of expected failures that did fail.
    used: HashSet<usize>,
    evidence: BTreeMap<String, Evidence>,
    /// The rules of which a refusal is shown.
    refusals: HashSet<String>,
    problems: Vec<String>,
}

impl<'a> Gathering<'a> {
    fn look_up(&mut self, mark: &Mark) {
        let Mark { file, line, .. } = mark;
        if mark.rules.is_empty() {
            self.problems.push(format!("{file}:{line}: the mark names no rule"));
        }
        for id in &mark.rules {
            match self.rules.get(id) {
                None => self.problems.push(format!("{file}:{line}: there is no rule `{id}`")),
                Some(rule) if rule.not_applicable.is_some() => {
                    let problem = format!("{file}:{line}: `{id}` is marked, and said to be not applicable");
                    self.problems.push(problem);
                }
                Some(_) => {}
            }
        }
    }

    /// Each mark is of the first directive below it, and each directive is as it should be.
    fn script(&mut self, script: &Script, marks: &[&Mark]) {
        let file = &script.file;
        let mut marks = marks.iter().peekable();
        for directive in &script.directives {
            let mut rules = Vec::new();
            let mut name = None;
            while let Some(mark) = marks.next_if(|mark| mark.line < directive.line) {
                rules.extend(mark.rules.iter().map(String::as_str));
                name = mark.name.as_deref().or(name);
            }
            self.directive(file, directive, &rules, name);
        }
        for mark in marks {
            self.problems
                .push(format!("{file}:{}: no directive follows the mark", mark.line));
        }
    }

    fn directive(&mut self, file: &str, directive: &Directive, rules: &[&str], name: Option<&str>) {
        let place = format!("{file}:{}", directive.line);
        let location = Location {
            file: file.to_owned(),
            line: directive.line,
        };
        let failures = self.failures_of(file, name);
        if name.is_some() && failures.is_empty() {
            let problem = format!("{place}: the directive has a name, and is not among the expected failures");
            self.problems.push(problem);
        }
        for &(_, failure) in &failures {
            if !rules.contains(&failure.rule.as_str()) {
                let rule = &failure.rule;
                let problem = format!("{place}: expected to fail for rule `{rule}`, with which it is not marked");
                self.problems.push(problem);
            }
        }
        match &directive.outcome {
            Ok(()) if failures.is_empty() => {
                for rule in rules {
                    self.check_shows(rule, &place, directive.is_refusal());
                    self.show(rule, location.clone(), directive.is_refusal());
                }
            }
            Ok(()) => self.problems.push(format!(
                "{place}: expected to fail, and succeeds: take it from the list of expected failures"
            )),
            Err(message) => {
                let foreseen = failures.iter().all(|(_, failure)| message.contains(&failure.now));
                if failures.is_empty() || !foreseen {
                    self.problems.push(format!("{place}: {message}"));
                }
                for &(position, failure) in &failures {
                    self.used.insert(position);
                    let evidence = self.evidence.entry(failure.rule.clone()).or_default();
                    evidence.differs.push((location.clone(), failure.reason.clone()));
                }
            }
        }
    }

    /// With their positions in the list.
    fn failures_of(&self, file: &str, name: Option<&str>) -> Vec<(usize, &'a Expected)> {
        let all = self.expected.iter().enumerate();
        all.filter(|(_, failure)| {
            Some(failure.directive.as_str()) == name && file.rsplit('/').next() == Some(&failure.script)
        })
        .collect()
    }

    fn test(&mut self, mark: &Mark) {
        let Mark { file, line, .. } = mark;
        if mark.place == Place::Nothing {
            self.problems
                .push(format!("{file}:{line}: no test that runs is below the mark"));
        }
        for rule in &mark.rules {
            if mark.place == (Place::Case { refused: false }) {
                self.check_shows(rule, &format!("{file}:{line}"), false);
            }
            let location = Location {
                file: file.clone(),
                line: *line,
            };
            // A test in Rust may show one, but that cannot be told from outside.
            self.show(rule, location, mark.place == Place::Case { refused: true });
        }
    }

    /// What is accepted would be accepted without a rule that only refuses.
    fn check_shows(&mut self, rule: &str, place: &str, is_refusal: bool) {
        if !is_refusal && self.rules.get(rule).is_some_and(|rule| rule.restriction) {
            let problem = format!("{place}: `{rule}` only refuses, and the directive shows no refusal");
            self.problems.push(problem);
        }
    }

    fn show(&mut self, rule: &str, location: Location, is_refusal: bool) {
        let evidence = self.evidence.entry(rule.to_owned()).or_default();
        if !evidence.shown.contains(&location) {
            evidence.shown.push(location);
        }
        if is_refusal {
            self.refusals.insert(rule.to_owned());
        }
    }

    fn finish(mut self) -> Result<BTreeMap<String, Evidence>> {
        for (position, failure) in self.expected.iter().enumerate() {
            let Expected { script, directive, .. } = failure;
            if !self.used.contains(&position) {
                let problem = format!("expected failure `{directive}` of `{script}`: no such directive failed");
                self.problems.push(problem);
            }
        }
        for rule in self.rules.iter().filter(|rule| rule.refused.is_some()) {
            if self.evidence.contains_key(&rule.id) && !self.refusals.contains(&rule.id) {
                let problem = format!("`{}` is said to be refused, and no mark of it shows a refusal", rule.id);
                self.problems.push(problem);
            }
        }
        if !self.problems.is_empty() {
            bail!("the conformance page cannot be made:\n  {}", self.problems.join("\n  "));
        }
        Ok(self.evidence)
    }
}

#[cfg(test)]
mod tests;
