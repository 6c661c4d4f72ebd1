//! How many threads wait, in a form that a notifying thread can read without a lock.
//!
//! **Problem.** While the owner of a mutex believes that a thread waits, it notifies at each unlock. Mostly no thread
//! waits any more: the woken one has just not run yet. Looking into a queue takes a lock, so threads that contend for
//! the mutex would contend for the queue's lock too. **Here**, each address maps to one of [`COUNTS`] counts, and a
//! notifying thread reads the count first. If the count is not zero, it may be due to another address, so the notifier
//! looks into the queue.
//!
//! If a component has code that notifies, the counts are in [a memory](weft_lower::plan::Plan::waiter_counts). The code
//! reads the count there itself, and calls the host only if the count is not zero.

use crate::sync::atomic::AtomicU32;
use weft_lower::plan::{WAITER_COUNT_STRIDE, WAITER_COUNTS};

/// How many counts there are. Neighbouring words have different ones.
pub(crate) const COUNTS: usize = WAITER_COUNTS as usize;

/// The distance in bytes between two counts.
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
