//! Validation, rule by rule: an input that breaks the rule, and a similar one that does not.

mod atomics;
mod builtins;
mod components;
mod core_modules;
mod features;
mod items;
mod offsets;
#[path = "../passes/mod.rs"]
mod passes;

use passes::validate;
use weft_lower::{LowerError, Rules};

/// What one rule says of some inputs, whichever the [`Rules`].
struct Rule {
    id: &'static str,
    accepted: &'static [&'static str],
    refused: &'static [&'static str],
}

/// Checks each rule. `input` makes a whole text of what stands in the table.
fn check_rules(rules: &[Rule], input: fn(&str) -> String) {
    for Rule { id, accepted, refused } in rules {
        for text in *accepted {
            is_accepted(id, &input(text), Rules::Strict);
            is_accepted(id, &input(text), Rules::Extended);
        }
        for text in *refused {
            is_refused(id, &input(text), Rules::Extended);
            is_refused(id, &input(text), Rules::Strict);
        }
    }
}

/// Checks inputs that the rule refuses to the letter, and weft accepts.
fn check_extensions(extensions: &[(&str, &str)], input: fn(&str) -> String) {
    for (id, text) in extensions {
        is_accepted(id, &input(text), Rules::Extended);
        is_refused(id, &input(text), Rules::Strict);
    }
}

#[track_caller]
fn is_accepted(id: &str, text: &str, rules: Rules) {
    if let Err(error) = validate(text.as_bytes(), rules) {
        panic!("{id}: {error}, under {rules:?}, in\n{text}");
    }
}

#[track_caller]
fn is_refused(id: &str, text: &str, rules: Rules) {
    match validate(text.as_bytes(), rules) {
        Ok(()) => panic!("{id}: accepted under {rules:?}:\n{text}"),
        Err(error) => {
            let message = error.to_string();
            match error {
                LowerError::Rule { rule, offset, .. } => {
                    assert_eq!(rule.id(), id, "{message}, under {rules:?}, in\n{text}");
                    assert!(
                        message.ends_with(&format!("(at offset {offset:#x}, rule {id})")),
                        "{message}"
                    );
                }
                error => panic!("{id}: {error}, under {rules:?}, in\n{text}"),
            }
        }
    }
}

/// The error, of which a test wants to know more.
#[track_caller]
fn refusal(input: &[u8]) -> LowerError {
    validate(input, Rules::Extended).expect_err("accepted")
}
