//! The identity of a thread in its program.

use weft_lower::plan::ThreadTableIndex;

/// The greatest index of a thread.
pub(crate) const MAX_INDEX: u32 = (1 << 28) - 1;

/// The number of bits of [`ThreadId::number`]: those of an index, and 16 for the table. No component has that many
/// component instances.
pub(crate) const NUMBER_BITS: u32 = MAX_INDEX.count_ones() + 16;

/// A thread of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThreadId {
    /// The thread table that it is in.
    pub(crate) table: ThreadTableIndex,
    /// Its index there.
    pub(crate) index: u32,
}

impl ThreadId {
    /// The thread with this index in the same table.
    pub(crate) fn beside(self, index: u32) -> Self {
        ThreadId { index, ..self }
    }

    /// A number of less than [`NUMBER_BITS`] bits that no other thread has, and that is never 0.
    pub(crate) fn number(self) -> u64 {
        u64::from(self.table.0) << MAX_INDEX.count_ones() | u64::from(self.index)
    }
}
