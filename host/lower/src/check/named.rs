//! What wasmparser's errors mean: the ids of the rules that it enforces, the items that they are in, and those of the proposal
//! that it cannot read.
//!
//! It gives no more than a message. Those here are of the version that this crate is pinned to, and each has a test.

use super::items::{Mismatch, item_at};
use crate::{LowerError, Rule};

/// A part of a message, and the rule that is broken.
const RULES: &[(&str, Rule)] = &[
    ("`context.get` immediate must be zero or one", Rule::Ctx03),
    ("`context.set` immediate must be zero or one", Rule::Ctx03),
    ("only supports `i32` or `i64`", Rule::Ctx04),
    ("type must match previous context type", Rule::Ctx05),
    ("shared functions cannot access unshared structs", Rule::Setv06),
    ("shared functions cannot access unshared arrays", Rule::Setv06),
    ("shared composite type must contain shared types", Rule::Setv08),
    ("shared globals must have a shared value type", Rule::Setv09),
    ("shared tables must have a shared element type", Rule::Setv10),
    (
        "indirect calls must go through a table with type <= funcref",
        Rule::Setv12,
    ),
    ("invalid type: `global.atomic.", Rule::Setv16),
    ("invalid type: `table.atomic.", Rule::Setv17),
    ("invalid type: `struct.atomic.", Rule::Setv18),
    ("invalid type: `array.atomic.", Rule::Setv18),
    ("`ref.eq` types to match `shared`-ness", Rule::Setv20),
    ("invalid atomic consistency ordering", Rule::Setb04),
];

/// The rule that an error of wasmparser's is about.
pub(crate) fn rule_of(message: &str) -> Option<Rule> {
    let found = RULES.iter().find(|(part, _)| message.contains(part));
    found.map(|(_, rule)| *rule)
}

/// A flag that no tool writes, in the byte that an error is about.
const THREAD_LOCAL: u8 = 0x04;
const SHARED_SEGMENT: u8 = 0x08;

/// What an error is about, as far as wasmparser does not say it.
pub(super) fn explained(error: LowerError, binary: &[u8]) -> LowerError {
    let error = unsupported(error, binary);
    let (LowerError::Invalid { offset, .. }
    | LowerError::MissingFeature { offset, .. }
    | LowerError::Rule { offset, .. }) = &error
    else {
        return error;
    };
    let offset = *offset;
    let item = usize::try_from(offset).ok().and_then(|offset| item_at(binary, offset));
    let Some(item) = item else { return error };
    match (error, item.mismatch) {
        (LowerError::Invalid { message, .. }, Some(Mismatch { ty, supertype, shared }))
            if message == "sub type must match super type" =>
        {
            let (is, other) = if shared { ("is", "is not") } else { ("is not", "is") };
            LowerError::Rule {
                rule: Rule::Setv11,
                message: format!(
                    "in {item}: {message}: type {ty} {is} shared, and its supertype {supertype} {other}: \
                     make both shared or neither"
                ),
                offset,
            }
        }
        (LowerError::Invalid { message, .. }, _) => LowerError::Invalid {
            message: format!("in {item}: {message}"),
            offset,
        },
        (
            LowerError::MissingFeature {
                message,
                proposal,
                advice,
                ..
            },
            _,
        ) => LowerError::MissingFeature {
            message: format!("in {item}: {message}"),
            offset,
            proposal,
            advice,
        },
        (LowerError::Rule { rule, message, .. }, _) => LowerError::Rule {
            rule,
            message: format!("in {item}: {message}"),
            offset,
        },
        (error, _) => error,
    }
}

/// Names an item that is right by the proposal, and that wasmparser takes for garbage.
fn unsupported(error: LowerError, binary: &[u8]) -> LowerError {
    let LowerError::Invalid { message, offset } = &error else {
        return error;
    };
    let byte = usize::try_from(*offset).ok().and_then(|offset| binary.get(offset));
    let flag = |flag: u8| byte.is_some_and(|byte| byte & flag != 0 && byte & 0xf0 == 0);
    let (item, rule, advice) = if message == "malformed global flags" && flag(THREAD_LOCAL) {
        (
            "a thread-local global",
            Rule::Setv14,
            "keep the value in a context slot",
        )
    } else if message.starts_with("invalid flags byte in") && flag(SHARED_SEGMENT) {
        (
            "the flag `shared` of a segment",
            Rule::Setb03,
            "leave it out: each segment counts as shared",
        )
    } else if message.starts_with("unknown 0xfe subopcode") {
        (
            "an instruction of wait queues, or one that is not known,",
            Rule::Setv15,
            "wait on a shared memory",
        )
    } else {
        return error;
    };
    LowerError::Unsupported {
        item: item.to_owned(),
        offset: Some(*offset),
        rule: Some(rule),
        advice: advice.to_owned(),
    }
}
