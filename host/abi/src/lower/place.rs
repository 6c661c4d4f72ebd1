//! Where lowered values go, and the calls that make room for them.

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Into core values, from this one on.
    Flat(usize),
    /// Into memory, from this address on.
    Memory(u64),
}

/// The arguments of a call of the guest's `realloc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReallocCall {
    /// The address of the allocation to resize, or 0 for a new allocation.
    pub old_pointer: u64,
    /// Its size in bytes.
    pub old_size: u64,
    /// The alignment in bytes.
    pub alignment: u32,
    /// The size in bytes that the allocation must have.
    pub new_size: u64,
}

impl ReallocCall {
    pub(crate) const fn new(alignment: u32, size: u64) -> ReallocCall {
        ReallocCall {
            old_pointer: 0,
            old_size: 0,
            alignment,
            new_size: size,
        }
    }
}
