//! The interface to end an instance, for code that does not know how its threads run. [`lifecycle`](crate::lifecycle)
//! implements it.

use crate::error::Outcome;

/// See the module.
pub(crate) trait End: Send + Sync {
    /// Ends all threads. Only the first outcome counts; returns whether that is `outcome`.
    fn end(&self, outcome: Outcome) -> bool;
}
