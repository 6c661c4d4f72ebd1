//! Adds to wasmparser's errors what they leave out: the item that an error is in, and items of the proposal that
//! wasmparser cannot read.

use super::items::{Mismatch, item_at};
use crate::error::LowerError;
use crate::messages;
use crate::rules::Rule;

/// The flag of a thread-local item, which no tool writes.
const THREAD_LOCAL: u8 = 0x04;
const SHARED_SEGMENT: u8 = 0x08;

/// Adds to an error what wasmparser does not say.
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
            if messages::is_supertype_mismatch(&message) =>
        {
            let (is, other) = if shared { ("is", "is not") } else { ("is not", "is") };
            LowerError::Rule {
                rule: Rule::Setv11,
                message: format!(
                    "in {item}: {message}: type {ty} {is} shared, but its supertype {supertype} {other}: \
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

/// Names an item that is valid by the proposal, but malformed to wasmparser.
fn unsupported(error: LowerError, binary: &[u8]) -> LowerError {
    let LowerError::Invalid { message, offset } = &error else {
        return error;
    };
    let byte = usize::try_from(*offset).ok().and_then(|offset| binary.get(offset));
    let flag = |flag: u8| byte.is_some_and(|byte| byte & flag != 0 && byte & 0xf0 == 0);
    let (item, rule, advice) = if messages::is_unknown_global_flag(message) && flag(THREAD_LOCAL) {
        (
            "a thread-local global",
            Rule::Setv14,
            "keep the value in a context slot",
        )
    } else if messages::is_unknown_segment_flag(message) && flag(SHARED_SEGMENT) {
        (
            "the flag `shared` of a segment",
            Rule::Setb03,
            "leave it out: an unmarked segment counts as shared",
        )
    } else if messages::is_unknown_atomic(message) {
        (
            "an unknown instruction, or one of the waiter queues",
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
