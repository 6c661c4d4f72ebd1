//! Ending an instance, for code that knows nothing of how its threads run: [`lifecycle`](crate::lifecycle) implements it.

use crate::error::Outcome;

/// See the module.
pub(crate) trait End: Send + Sync {
    /// Ends all threads. The first outcome counts, and this says whether it is the one given.
    fn end(&self, outcome: Outcome) -> bool;
}
