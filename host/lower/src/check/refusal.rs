//! The errors of this pass.

use crate::error::LowerError;
use crate::rules::Rule;

/// A rule is broken at `offset`.
pub(super) fn broken(rule: Rule, offset: usize, message: impl Into<String>) -> LowerError {
    LowerError::Rule {
        rule,
        message: message.into(),
        offset: offset as u64,
    }
}

/// The item at `offset` is invalid.
pub(super) fn invalid(offset: usize, message: impl Into<String>) -> LowerError {
    LowerError::Invalid {
        message: message.into(),
        offset: offset as u64,
    }
}
