//! Renders the page.

use super::evidence::{Evidence, Location, Status};
use super::rules::{Rule, Rules};
use std::collections::BTreeMap;
use std::fmt::Write;

const HEAD: &str = "\
<!-- Made by `cargo run --release -p weft-tests --bin conformance` from tests/conformance/rules.toml and the tests. -->

# Conformance

This page lists the rules for threads and shows, with links to tests, how weft meets each of them. The rules are those of the
Component Model for the thread and context built-ins (component-model at 6d28164) and those of shared-everything-threads (at
065aa53). They are in our own words; each links to its place in the specification. weft's error messages use the same ids.

| status | meaning | rules |
|---|---|---|
";

const STATUSES: [(Status, &str, &str); 5] = [
    (Status::Holds, "holds", "the linked tests show it"),
    (
        Status::Refused,
        "refused",
        "weft refuses it by name, and the linked tests show that",
    ),
    (
        Status::NotApplicable,
        "not applicable",
        "no test can show it, and the row says why",
    ),
    (
        Status::Differs,
        "differs",
        "Wasmtime's component runtime, where it runs the component, behaves differently: the linked directives fail",
    ),
    (Status::Open, "open", "no test shows it yet"),
];

/// The page as Markdown.
pub(super) fn render(rules: &Rules, evidence: &BTreeMap<String, Evidence>) -> String {
    let mut page = HEAD.to_owned();
    let status = |rule: &Rule| Status::of(rule, evidence.get(&rule.id));
    for (which, name, meaning) in STATUSES {
        let number = rules.iter().filter(|rule| status(rule) == which).count();
        line(&mut page, format_args!("| {name} | {meaning} | {number} |"));
    }
    let open: Vec<String> = rules
        .iter()
        .filter(|rule| status(rule) == Status::Open)
        .map(link_to)
        .collect();
    if !open.is_empty() {
        line(&mut page, format_args!("\nOpen: {}.", open.join(", ")));
    }
    for section in &rules.sections {
        line(&mut page, format_args!("\n## {}\n", section.title));
        line(&mut page, "| id | rule | stated in | kind | status | evidence |");
        line(&mut page, "|---|---|---|---|---|---|");
        for rule in &section.rules {
            row(&mut page, rules, rule, evidence.get(&rule.id));
        }
    }
    page
}

fn row(page: &mut String, rules: &Rules, rule: &Rule, evidence: Option<&Evidence>) {
    let id = &rule.id;
    let mut text = rule.rule.clone();
    if let Some(decision) = &rule.decision {
        let _ = write!(text, " *Here: {decision}.*");
    }
    let places: Vec<String> = rule
        .spec
        .iter()
        .map(|place| match rules.link(place) {
            Ok(address) => format!("[{place}]({address})"),
            // Parsing has refused it.
            Err(_) => place.clone(),
        })
        .collect();
    let kind = rule.kind.name();
    let (status, links) = (status(rule, evidence), links(evidence).join(", "));
    let text = cell(&text);
    line(
        page,
        format_args!(
            "| <a id=\"{id}\"></a>{id} | {text} | {} | {kind} | {status} | {links} |",
            places.join(", ")
        ),
    );
}

fn status(rule: &Rule, evidence: Option<&Evidence>) -> String {
    let status = Status::of(rule, evidence);
    let name = STATUSES.iter().find(|(which, ..)| *which == status);
    let name = name.map(|(_, name, _)| format!("**{name}**")).unwrap_or_default();
    let reason = match status {
        Status::NotApplicable => rule.not_applicable.clone(),
        Status::Refused => rule.refused.clone(),
        Status::Differs => evidence.map(differences),
        Status::Holds | Status::Open => None,
    };
    match reason {
        Some(reason) => format!("{name}: {}", cell(&reason)),
        None => name,
    }
}

/// The reasons, each once.
fn differences(evidence: &Evidence) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for (_, reason) in &evidence.differs {
        if !reasons.contains(&reason.as_str()) {
            reasons.push(reason);
        }
    }
    reasons.join("; ")
}

fn links(evidence: Option<&Evidence>) -> Vec<String> {
    let Some(evidence) = evidence else { return Vec::new() };
    let failing = evidence.differs.iter().map(|(location, _)| location);
    let mut links: Vec<String> = evidence.shown.iter().map(link).collect();
    links.extend(failing.map(|location| format!("fails: {}", link(location))));
    links
}

fn link(Location { file, line }: &Location) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    format!("[{name}:{line}](../{file}#L{line})")
}

fn link_to(rule: &Rule) -> String {
    format!("[{id}](#{id})", id = rule.id)
}

/// A table has no other bars than those between its cells.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn line(page: &mut String, text: impl std::fmt::Display) {
    // Writing to a string does not fail.
    let _ = writeln!(page, "{text}");
}
