//! A guest's memory, as lifting and lowering see it.

use std::ops::Range;

/// An access goes beyond a memory's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("out of bounds memory access: {length} bytes at {address:#x} of a memory of {size:#x} bytes")]
pub struct OutOfBounds {
    /// The first byte's address.
    pub address: u64,
    /// How many bytes.
    pub length: u64,
    /// The size of the memory in bytes.
    pub size: u64,
}

/// A guest's memory. Other threads may write it at any moment, and may grow it; it never shrinks.
///
/// Lifting reads each byte once and uses only its copy, so a memory may return different bytes each time.
pub trait GuestMemory {
    /// The size in bytes, now.
    fn size(&self) -> u64;

    /// Copies bytes out of the memory.
    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds>;

    /// Copies bytes into the memory.
    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds>;

    /// Copies bytes out of the memory into a new vector.
    ///
    /// An implementation can save the zeroing.
    fn read_vec(&self, address: u64, length: usize) -> Result<Vec<u8>, OutOfBounds> {
        // Checked before allocating, because the guest chooses the length.
        in_bounds(address, length as u64, self.size())?;
        let mut bytes = vec![0; length];
        self.read(address, &mut bytes)?;
        Ok(bytes)
    }
}

/// An error unless all bytes are in a memory of this size.
pub(crate) fn in_bounds(address: u64, length: u64, size: u64) -> Result<(), OutOfBounds> {
    match address.checked_add(length) {
        Some(end) if end <= size => Ok(()),
        Some(_) | None => Err(OutOfBounds { address, length, size }),
    }
}

/// Memory that only one thread uses meanwhile.
impl GuestMemory for [u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        into.copy_from_slice(&self[range(address, into.len(), self.size())?]);
        Ok(())
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        let range = range(address, bytes.len(), self.size())?;
        self[range].copy_from_slice(bytes);
        Ok(())
    }

    fn read_vec(&self, address: u64, length: usize) -> Result<Vec<u8>, OutOfBounds> {
        Ok(self[range(address, length, self.size())?].to_vec())
    }
}

fn range(address: u64, length: usize, size: u64) -> Result<Range<usize>, OutOfBounds> {
    in_bounds(address, length as u64, size)?;
    // The size is that of a slice.
    let begin = address as usize;
    Ok(begin..begin + length)
}
