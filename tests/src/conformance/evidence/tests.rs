//! What marks, scripts and expected failures make of rules.

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

/// The outcome of a script with these directives. The text holds the marks.
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
