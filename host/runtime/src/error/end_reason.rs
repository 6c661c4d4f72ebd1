//! Why a program was ended from outside.

use std::fmt;
use std::sync::Arc;

/// Why a program was ended that did not end by itself: see [`Error::EndedBy`](crate::Error::EndedBy).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndReason {
    /// An [`EndHandle`](crate::EndHandle) ended it, with this text.
    Host(Arc<str>),
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EndReason::Host(reason) => write!(f, "the host ended the program: {reason}"),
        }
    }
}
