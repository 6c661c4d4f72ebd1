//! Access to shared linear memory from the host.

use wasmtime::SharedMemory;

/// A guest's linear memory. Other threads may write it at any time.
pub struct GuestMemory<'a>(&'a SharedMemory);

/// An access outside of the linear memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an access of {length} bytes at address {address:#x} is outside of the linear memory")]
pub struct OutOfBounds {
    /// The first address of the access.
    pub address: u64,
    /// The size of the access in bytes.
    pub length: u64,
}

impl<'a> GuestMemory<'a> {
    pub(crate) fn new(memory: &'a SharedMemory) -> Self {
        GuestMemory(memory)
    }

    /// The size in bytes now. It never shrinks.
    pub fn size(&self) -> u64 {
        self.0.data_size() as u64
    }
}
