//! The tests' guest, as typed values see it.

use crate::support::Guest;
use weft_abi::typed::Guest as TypedGuest;
use weft_abi::{GuestMemory, OutOfBounds, ReallocCall, Trap};

impl TypedGuest for &mut Guest {
    type Error = Trap;
    type Handles = crate::support::Table;

    fn memory_size(&mut self) -> u64 {
        self.memory.len() as u64
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        self.memory[..].write(address, bytes)
    }

    fn with_memory<R>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> R) -> R {
        let mut memory = Slice(&mut self.memory);
        work(&mut memory)
    }

    fn handles(&mut self) -> &mut crate::support::Table {
        &mut self.handles
    }

    async fn realloc(&mut self, call: ReallocCall) -> Result<u64, Trap> {
        Ok(Guest::realloc(self, call))
    }
}

/// A slice as a memory behind a pointer.
struct Slice<'a>(&'a mut [u8]);

impl GuestMemory for Slice<'_> {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        self.0.read(address, into)
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        self.0.write(address, bytes)
    }
}
