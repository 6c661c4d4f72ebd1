//! The counts of waiters, in a memory where guest code reads them.
//!
//! All instances of an engine share one such memory. So a count is the sum of what the waiters of all instances have
//! added. No instance's part is ever negative, and all changes are atomic additions. So if a notifier reads zero, no
//! thread of its own instance waits, just as with counts of its own. If it reads another number because of another
//! instance, it looks into its own queue and finds no waiter. Guest code only reads the memory.
//!
//! **Rejected:** a memory for each instance (two mappings and 4 GiB of address space each; a process has room for about
//! 32,000 such memories).
#![expect(unsafe_code, reason = "shared linear memory is reached through raw pointers")]

use super::waiter_counts::{CountIndex, Counts, STRIDE};
use std::sync::atomic::AtomicU32;
use wasmtime::SharedMemory;
use weft_lower::plan::WAITER_COUNTS_SIZE;

/// Counts that the guest's code sees too, if it looks at any.
pub(crate) enum SharedCounts {
    /// In a hidden memory.
    Memory(CountsMemory),
    /// No code notifies, so no guest code reads the counts: one count for all addresses.
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
        // SAFETY: `new` checked that all counts are inside the mapping, which lives as long as the memory and never
        // shrinks or moves. The index is below the number of counts, and a mapping begins at a page, so the pointer is
        // aligned. Only atomic instructions access these bytes: no component owns the memory, and the code that the
        // lowering adds only loads from it.
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
