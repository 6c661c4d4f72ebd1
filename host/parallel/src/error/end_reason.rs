//! Why a program was ended from outside.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What ended a program that did not end by itself: see [`Error::EndedBy`](crate::Error::EndedBy).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndReason {
    /// An [`EndHandle`](crate::EndHandle) ended it, with this text.
    Host(Arc<str>),
    /// This much time passed since its instantiation began: [`InstanceLimits::deadline`](crate::InstanceLimits::deadline).
    Deadline(Duration),
    /// Its threads used this much processor time:
    /// [`InstanceLimits::max_processor_time`](crate::InstanceLimits::max_processor_time).
    ProcessorTime(Duration),
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EndReason::Host(reason) => write!(f, "the host ended the program: {reason}"),
            EndReason::Deadline(time) => {
                write!(
                    f,
                    "the program did not end before its deadline of {time:?}: raise `InstanceLimits::deadline`"
                )
            }
            EndReason::ProcessorTime(time) => write!(
                f,
                "the program used up its {time:?} of processor time: raise `InstanceLimits::max_processor_time`"
            ),
        }
    }
}
