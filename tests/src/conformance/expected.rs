//! Directives that are expected to fail: `tests/conformance/expected-failures.toml`, each with the reason.
//!
//! A directive is named by a mark (`@name`) and not by its line, which any change of the script would move.

use anyhow::{Result, ensure};
use serde::Deserialize;
use std::collections::HashSet;

/// A directive that fails as long as something else does not follow the specification.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    /// The script's name in `tests/conformance`.
    pub(super) script: String,
    /// The directive's name, without `@`.
    pub(super) directive: String,
    /// The rule that does not hold.
    pub(super) rule: String,
    /// Why it does not.
    pub(super) reason: String,
    /// What happens instead: a part of the failure's message.
    pub(super) now: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    failure: Vec<Expected>,
}

/// Reads the list.
pub(super) fn parse(text: &str) -> Result<Vec<Expected>> {
    let failures = toml::from_str::<File>(text)?.failure;
    let mut seen = HashSet::new();
    for failure in &failures {
        let Expected { script, directive, .. } = failure;
        let new = seen.insert((script, directive, &failure.rule));
        ensure!(new, "`{directive}` of `{script}` is there twice");
        ensure!(!failure.reason.is_empty(), "`{directive}` of `{script}` has no reason");
        // An empty text is part of every message, so the entry would hold whatever happens.
        ensure!(
            !failure.now.is_empty(),
            "`{directive}` of `{script}` does not say what happens now"
        );
    }
    Ok(failures)
}

#[cfg(test)]
mod tests {
    use super::parse;

    const ENTRY: &str = "[[failure]]\nscript = \"a.wast\"\ndirective = \"x\"\nrule = \"A-01\"\nreason = \"because\"\n";

    #[test]
    fn an_entry_has_a_reason_says_what_happens_and_is_there_once() {
        let whole = format!("{ENTRY}now = \"traps\"\n");
        assert_eq!(parse(&whole).expect("the entry is sound").len(), 1);
        assert!(parse("").expect("an empty list is a list").is_empty());
        assert!(parse(ENTRY).is_err());
        assert!(parse(&format!("{ENTRY}now = \"\"\n")).is_err());
        assert!(parse(&format!("{whole}{whole}")).is_err());
    }
}
