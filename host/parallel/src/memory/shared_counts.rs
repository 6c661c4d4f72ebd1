//! The counts of waiters in the memory in which the guest's code looks at them.
//!
//! All instances of an engine have one such memory. So a count is the sum of what the waiters of each instance have added. What one instance
//! has added is never negative, and all changes of the count are additions in one order. So a notifier that finds zero has found that
//! no thread of its own instance waits, as with counts of its own. If it finds another number because of another instance, it looks into its own
//! queue, and finds nobody. Code of guests only reads the memory.
//!
//! **Rejected:** a memory for each instance (two mappings and 4 GiB of address space, of which a process has as many as 32,000
//! instances take for one memory each).
#![expect(unsafe_code, reason = "shared linear memory is reached through raw pointers")]

use super::waiter_counts::{CountIndex, Counts, STRIDE};
use std::sync::atomic::AtomicU32;
use wasmtime::SharedMemory;
use weft_lower::plan::WAITER_COUNTS_SIZE;

/// Counts that the guest's code sees too, if it looks at any.
pub(crate) enum SharedCounts {
    /// In a hidden memory.
    Memory(CountsMemory),
    /// No code notifies, so that nobody looks: one count for all addresses.
    Unseen(AtomicU32),
}

/// A memory that is as large as the counts are.
pub(crate) struct CountsMemory(SharedMemory);

impl SharedCounts {
    /// The counts in a memory. `None` if the memory is too small, which no valid plan causes.
    pub(crate) fn new(memory: Option<SharedMemory>) -> Option<Self> {
        let Some(memory) = memory else {
            return Some(SharedCounts::Unseen(AtomicU32::new(0)));
        };
        let fits = memory.data().len() as u64 >= WAITER_COUNTS_SIZE;
        fits.then(|| SharedCounts::Memory(CountsMemory(memory)))
    }
}

impl CountsMemory {
    fn count(&self, index: CountIndex) -> &AtomicU32 {
        let count = self.0.data().as_ptr().wrapping_add(index.index() * STRIDE);
        // SAFETY: `new` found all counts inside of the mapping, which lives as long as the memory, and never shrinks or moves.
        // An index is below their number, and a mapping begins at a page, so the pointer is aligned. Nobody accesses these bytes
        // but by atomic instructions: the memory is no component's, and the code that was added for it only loads.
        unsafe { AtomicU32::from_ptr(count.cast_mut().cast()) }
    }
}

impl Counts for SharedCounts {
    fn count(&self, index: CountIndex) -> &AtomicU32 {
        match self {
            SharedCounts::Memory(memory) => memory.count(index),
            SharedCounts::Unseen(count) => count,
        }
    }
}
