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
mod tests {
    use super::*;
    use crate::conformance::marks;
    use weft_wast::Kind;

    const RULES: &str = r#"
        [documents]
        Doc = "https://example.org/doc.md"
        [[section]]
        title = "One"
        rule = [
            { id = "A-01", kind = "run", spec = ["Doc 1"], rule = "It runs." },
            { id = "A-02", kind = "run", spec = ["Doc 2"], rule = "It stops.", not-applicable = "because" },
            { id = "A-03", kind = "validation", spec = ["Doc 3"], rule = "It is there.", refused = "it" },
            { id = "A-04", kind = "validation", spec = ["Doc 4"], rule = "Nothing else is.", restriction = true },
        ]"#;
    const FILE: &str = "tests/conformance/a.wast";

    fn directive(line: usize, kind: Kind, outcome: Result<(), &str>) -> Directive {
        Directive {
            line,
            kind,
            outcome: outcome.map_err(str::to_owned),
        }
    }

    fn expected(directive: &str, rule: &str) -> Expected {
        Expected {
            script: "a.wast".to_owned(),
            directive: directive.to_owned(),
            rule: rule.to_owned(),
            reason: "the engine stops it".to_owned(),
            now: "stopped".to_owned(),
        }
    }

    /// What comes of a script with these directives, of which the text holds the marks.
    fn gathered(
        text: &str,
        directives: Vec<Directive>,
        expected: &[Expected],
    ) -> Result<BTreeMap<String, Evidence>, String> {
        let rules = Rules::parse(RULES).expect("the rules are sound");
        let file = FILE.to_owned();
        let scripts = [Script { file, directives }];
        gather(&rules, &scripts, marks::script(FILE, text), expected).map_err(|error| error.to_string())
    }

    fn status(gathered: &BTreeMap<String, Evidence>, id: &str) -> Status {
        let rules = Rules::parse(RULES).expect("the rules are sound");
        Status::of(rules.get(id).expect("the rule is there"), gathered.get(id))
    }

    #[test]
    fn a_mark_is_of_the_next_directive_alone() {
        let directives = vec![
            directive(1, Kind::Module, Ok(())),
            directive(3, Kind::AssertReturn, Ok(())),
            directive(4, Kind::AssertReturn, Ok(())),
        ];
        let gathered = gathered("(module)\n;;; A-01\n(assert_return)\n(assert_return)", directives, &[]).unwrap();
        let lines: Vec<usize> = gathered["A-01"].shown.iter().map(|location| location.line).collect();
        assert_eq!(lines, [3]);
        assert_eq!(status(&gathered, "A-01"), Status::Holds);
        assert_eq!(status(&gathered, "A-02"), Status::NotApplicable);
        assert_eq!(status(&gathered, "A-03"), Status::Open);
    }

    #[test]
    fn a_refused_rule_needs_a_refusal() {
        let with = |kind| gathered(";;; A-03\n(it)", vec![directive(2, kind, Ok(()))], &[]);
        assert_eq!(status(&with(Kind::AssertInvalid).unwrap(), "A-03"), Status::Refused);
        assert!(
            with(Kind::AssertReturn)
                .unwrap_err()
                .contains("no mark of it shows a refusal")
        );
    }

    #[test]
    fn a_restriction_is_shown_by_refusals_alone() {
        let with = |kind| gathered(";;; A-04\n(it)", vec![directive(2, kind, Ok(()))], &[]);
        assert_eq!(status(&with(Kind::AssertInvalid).unwrap(), "A-04"), Status::Holds);
        for kind in [Kind::Module, Kind::AssertReturn, Kind::AssertTrap] {
            let error = with(kind).unwrap_err();
            assert!(error.contains("a.wast:2: `A-04` only refuses"), "{error}");
        }
    }

    /// That a golden case is refused is seen by its name, and of a test in Rust it is not seen.
    #[test]
    fn a_refusal_is_not_shown_by_a_test_in_rust() {
        let rules = Rules::parse(RULES).expect("the rules are sound");
        let with = |place| {
            let mut mark = marks::script("host/x", ";;; A-03").remove(0);
            mark.place = place;
            gather(&rules, &[], vec![mark], &[]).map_err(|error| error.to_string())
        };
        assert_eq!(
            status(&with(Place::Case { refused: true }).unwrap(), "A-03"),
            Status::Refused
        );
        for place in [Place::Test, Place::Case { refused: false }] {
            let error = with(place).unwrap_err();
            assert!(
                error.contains("`A-03` is said to be refused, and no mark of it"),
                "{error}"
            );
        }
    }

    #[test]
    fn wrong_marks_are_told() {
        for (text, problem) in [
            (";;; A-09\n(it)", "a.wast:1: there is no rule `A-09`"),
            (
                ";;; A-02\n(it)",
                "a.wast:1: `A-02` is marked, and said to be not applicable",
            ),
            (";;; @x\n(it)", "a.wast:1: the mark names no rule"),
            (
                ";;; A-01 @x\n(it)",
                "a.wast:2: the directive has a name, and is not among",
            ),
            ("\n(it)\n;;; A-01\n", "a.wast:3: no directive follows the mark"),
        ] {
            let error = gathered(text, vec![directive(2, Kind::AssertReturn, Ok(()))], &[]).unwrap_err();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn a_mark_in_rust_that_is_of_no_test_is_told() {
        let rules = Rules::parse(RULES).expect("the rules are sound");
        let mut mark = marks::script("host/x.rs", ";;; A-01").remove(0);
        mark.place = Place::Nothing;
        let error = gather(&rules, &[], vec![mark], &[]).unwrap_err().to_string();
        assert!(error.contains("host/x.rs:1: no test that runs"), "{error}");
    }

    #[test]
    fn a_failing_directive_is_told_marked_or_not() {
        let directives = || vec![directive(2, Kind::AssertReturn, Err("was stopped"))];
        for text in ["\n(it)", ";;; A-01\n(it)"] {
            let error = gathered(text, directives(), &[]).unwrap_err();
            assert!(error.contains("a.wast:2: was stopped"), "{error}");
        }
    }

    #[test]
    fn an_expected_failure_makes_the_rule_differ() {
        let text = ";;; A-01 @x\n(it)\n;;; A-01\n(it)";
        let directives = vec![
            directive(2, Kind::AssertReturn, Err("was stopped")),
            directive(4, Kind::AssertReturn, Ok(())),
        ];
        let gathered = gathered(text, directives, &[expected("x", "A-01")]).unwrap();
        assert_eq!(status(&gathered, "A-01"), Status::Differs);
        assert_eq!(gathered["A-01"].shown.len(), 1);
        assert_eq!(gathered["A-01"].differs[0].1, "the engine stops it");
    }

    #[test]
    fn an_expected_failure_must_fail_as_it_is_said() {
        let text = ";;; A-01 @x\n(it)";
        let of = |outcome, expected: Expected| {
            gathered(text, vec![directive(2, Kind::AssertReturn, outcome)], &[expected]).unwrap_err()
        };
        assert!(of(Ok(()), expected("x", "A-01")).contains("expected to fail, and succeeds"));
        assert!(of(Err("went on"), expected("x", "A-01")).contains("a.wast:2: went on"));
        assert!(of(Err("stopped"), expected("x", "A-03")).contains("with which it is not marked"));
        let other = Expected {
            script: "b.wast".to_owned(),
            ..expected("x", "A-01")
        };
        assert!(of(Err("stopped"), other).contains("`x` of `b.wast`: no such directive failed"));
    }
}
