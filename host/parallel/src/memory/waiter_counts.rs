//! How many threads wait, in a form that a notifying thread can read without a lock.
//!
//! **Problem.** A mutex notifies at each unlock while its owner believes that someone waits, and mostly nobody does: who was
//! woken has not run yet. Looking into a queue for that takes a lock, and makes the threads that fight for the mutex fight for the
//! lock of the queue too. **Here**, each address belongs to one of [`COUNTS`] counts, and a notifying thread looks at the count
//! first. A count that is not zero may be that of another address: then the queue tells.
//!
//! Where code notifies, the counts are in [a memory](weft_lower::plan::Plan::waiter_counts) in which the code looks itself,
//! and calls the host only for those that are not zero.

use crate::sync::atomic::AtomicU32;
use weft_lower::plan::{WAITER_COUNT_STRIDE, WAITER_COUNTS};

/// How many counts there are. Neighbouring words have different ones.
pub(crate) const COUNTS: usize = WAITER_COUNTS as usize;

/// How far two counts are from each other.
pub(crate) const STRIDE: usize = WAITER_COUNT_STRIDE as usize;

/// Which count an address belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CountIndex(usize);

impl CountIndex {
    /// The count of an address, which is aligned to four bytes.
    pub(crate) fn of(address: u64) -> Self {
        CountIndex((address / 4) as usize % COUNTS)
    }

    pub(crate) fn index(self) -> usize {
        self.0
    }
}

/// Where the counts are.
pub(crate) trait Counts: Send + Sync {
    /// The count of an index.
    fn count(&self, index: CountIndex) -> &AtomicU32;
}

/// Counts that only the host sees, for tests and the model checker.
#[cfg(any(test, modelled))]
pub(crate) struct OwnCounts(Box<[OwnCount]>);

#[cfg(any(test, modelled))]
#[derive(Default)]
#[repr(align(64))]
struct OwnCount(AtomicU32);

#[cfg(any(test, modelled))]
const _: () = assert!(align_of::<OwnCount>() == STRIDE);

#[cfg(any(test, modelled))]
impl Default for OwnCounts {
    fn default() -> Self {
        OwnCounts((0..COUNTS).map(|_| OwnCount::default()).collect())
    }
}

#[cfg(any(test, modelled))]
impl Counts for OwnCounts {
    fn count(&self, index: CountIndex) -> &AtomicU32 {
        &self.0[index.0].0
    }
}
