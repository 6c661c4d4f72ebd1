//! Safe access to shared linear memory from the host.
//!
//! Problem: guest threads write this memory while a host function reads it. A Rust reference to its bytes, or a plain
//! copy, would be a data race, which is undefined behaviour even if the bytes read are never looked at.
//!
//! Solution: the host treats the memory as a range of `UnsafeCell<u8>`. A short copy uses relaxed atomic loads and
//! stores: eight bytes at a time where the guest's side is aligned, and single bytes at the ends. A long copy is one
//! string instruction of x86-64 in inline assembly: the compiler knows only that it reads and writes memory, as any
//! thread may, and the processor accesses each byte once. It takes as long as `memcpy`, half of what a loop over words
//! takes. No copy is atomic as a whole: if a guest thread writes the range meanwhile, some pieces are old and some new.
//! Code that validates what the guest wrote must therefore validate the copy, and never read the memory again.
//!
//! The guest and the host may access one address in pieces of different sizes. WebAssembly's memory model defines such
//! mixed accesses. Rust's memory model does not yet define a race between atomics of different sizes. But every machine
//! that Wasmtime compiles for performs each piece as one access, and no compiler sees both sides of the race.
//!
//! Rejected: a copy by bytes only (about eight times slower), a copy by `memcpy` (the undefined behaviour above),
//! vector registers in inline assembly (no faster than the string instruction), and a lock (guest code would not take
//! it).
//!
//! A shared memory may grow at any time, but it never shrinks or moves: a range that was once in bounds stays in
//! bounds.
#![expect(unsafe_code, reason = "shared linear memory is reached through raw pointers")]

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use wasmtime::SharedMemory;

/// The size in bytes of the pieces that a copy is made of.
const WORD: usize = size_of::<u64>();

/// From this size in bytes on, a string instruction is faster than a loop over words.
#[cfg(target_arch = "x86_64")]
const LONG: usize = 512;

/// A guest's linear memory. Other threads may write it at any time.
#[derive(Clone, Copy)]
pub struct GuestMemory<'a>(&'a SharedMemory);

/// An access outside of the linear memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("out of bounds memory access: {length} bytes at {address:#x}")]
pub struct OutOfBounds {
    /// The first address of the access.
    pub address: u64,
    /// The size of the access in bytes.
    pub length: u64,
}

/// An atomic access that is outside of the linear memory or not aligned to its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AtomicAccessError {
    /// The access is outside of the linear memory.
    #[error(transparent)]
    OutOfBounds(#[from] OutOfBounds),
    /// The address is not a multiple of the access's size.
    #[error("unaligned atomic access: {length} bytes at {address:#x}")]
    Misaligned {
        /// The address of the access.
        address: u64,
        /// The size of the access in bytes. The address should be a multiple of it.
        length: u64,
    },
}

/// Little-endian loads and stores of one type.
macro_rules! typed {
    ($($integer:ident $read:ident $write:ident)*) => {$(
        #[doc = concat!("Reads a little-endian `", stringify!($integer), "`, at any alignment.")]
        ///
        /// # Errors
        ///
        /// Part of the range is outside of the memory.
        pub fn $read(&self, address: u64) -> Result<$integer, OutOfBounds> {
            let mut bytes = [0; size_of::<$integer>()];
            self.read(address, &mut bytes)?;
            Ok($integer::from_le_bytes(bytes))
        }

        #[doc = concat!("Writes a little-endian `", stringify!($integer), "`, at any alignment.")]
        ///
        /// # Errors
        ///
        /// Part of the range is outside of the memory. The memory is then unchanged.
        pub fn $write(&self, address: u64, value: $integer) -> Result<(), OutOfBounds> {
            self.write(address, &value.to_le_bytes())
        }
    )*};
}

impl<'a> GuestMemory<'a> {
    /// The view of `memory` that host functions work on.
    pub fn new(memory: &'a SharedMemory) -> Self {
        GuestMemory(memory)
    }

    /// The size in bytes now. It never shrinks.
    pub fn size(&self) -> u64 {
        self.0.data_size() as u64
    }

    /// Checks that `length` bytes from `address` on are in bounds. Since memories never shrink, they stay in bounds.
    ///
    /// # Errors
    ///
    /// A part of the range is outside of the memory, or its end is beyond the address space.
    pub fn check(&self, address: u64, length: u64) -> Result<(), OutOfBounds> {
        match address.checked_add(length) {
            Some(end) if end <= self.size() => Ok(()),
            _ => Err(OutOfBounds { address, length }),
        }
    }

    /// Copies `buffer.len()` bytes from `address` on into `buffer`.
    ///
    /// # Errors
    ///
    /// A part of the range is outside of the memory; `buffer` is then unchanged.
    #[inline]
    pub fn read(&self, address: u64, buffer: &mut [u8]) -> Result<(), OutOfBounds> {
        self.now().read(address, buffer)
    }

    /// Copies `bytes` to the memory from `address` on.
    ///
    /// # Errors
    ///
    /// A part of the range is outside of the memory, which is then unchanged.
    #[inline]
    pub fn write(&self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        self.now().write(address, bytes)
    }

    /// The memory as far as it reaches now.
    #[inline]
    pub(crate) fn now(&self) -> MemoryNow<'a> {
        MemoryNow(self.0.data())
    }

    typed! {
        u8 read_u8 write_u8
        u16 read_u16 write_u16
        u32 read_u32 write_u32
        u64 read_u64 write_u64
    }

    /// The 32-bit cell at `address`. Its value is in the memory's byte order, which is little-endian.
    ///
    /// # Errors
    ///
    /// The cell is not aligned, or outside of the memory.
    pub fn atomic_u32(&self, address: u64) -> Result<&'a AtomicU32, AtomicAccessError> {
        let cell = self.aligned(address, size_of::<u32>())?;
        // SAFETY: `aligned` found the four bytes aligned and inside of the mapping, which lives for 'a.
        Ok(unsafe { AtomicU32::from_ptr(cell.cast()) })
    }

    /// The 64-bit cell at `address`. Its value is in the memory's byte order, which is little-endian.
    ///
    /// # Errors
    ///
    /// The cell is not aligned, or outside of the memory.
    pub fn atomic_u64(&self, address: u64) -> Result<&'a AtomicU64, AtomicAccessError> {
        let cell = self.aligned(address, size_of::<u64>())?;
        // SAFETY: `aligned` found the eight bytes aligned and inside of the mapping, which lives for 'a.
        Ok(unsafe { AtomicU64::from_ptr(cell.cast()) })
    }

    /// Checks that the cell of `length` bytes is aligned and in bounds, and returns a pointer to it. The mapping starts
    /// at a page, so the pointer is aligned exactly if the address is.
    fn aligned(&self, address: u64, length: usize) -> Result<*mut u8, AtomicAccessError> {
        // Alignment is checked before bounds, as in the engine's own atomic instructions.
        if !address.is_multiple_of(length as u64) {
            return Err(AtomicAccessError::Misaligned {
                address,
                length: length as u64,
            });
        }
        Ok(self.now().range(address, length)?)
    }
}

/// A guest's linear memory as far as it reached at one moment. Its bytes are those of now.
///
/// To ask a shared memory for its size is a call into the engine and an atomic load. A host call that passes values asks once.
#[derive(Clone, Copy)]
pub(crate) struct MemoryNow<'a>(&'a [UnsafeCell<u8>]);

// SAFETY: the methods access the bytes as threads do that run at the same time: see the module.
unsafe impl Send for MemoryNow<'_> {}
// SAFETY: as above.
unsafe impl Sync for MemoryNow<'_> {}

impl MemoryNow<'_> {
    /// The size in bytes.
    #[inline]
    pub(crate) const fn size(self) -> u64 {
        self.0.len() as u64
    }

    /// See [`GuestMemory::read`].
    #[inline]
    pub(crate) fn read(self, address: u64, buffer: &mut [u8]) -> Result<(), OutOfBounds> {
        let start = self.range(address, buffer.len())?;
        // SAFETY: `range` found all of `start..start + buffer.len()` inside of the mapping, which lives as long as the
        // memory and never shrinks or moves.
        unsafe { load(start, buffer.as_mut_ptr(), buffer.len()) };
        Ok(())
    }

    /// Copies `length` bytes from `address` on into a new vector, without filling it with zeros first.
    #[inline]
    pub(crate) fn read_vec(self, address: u64, length: usize) -> Result<Vec<u8>, OutOfBounds> {
        let start = self.range(address, length)?;
        let mut bytes = Vec::with_capacity(length);
        // SAFETY: as in `read`; the vector has room for `length` bytes, and all of them are written.
        unsafe {
            load(start, bytes.as_mut_ptr(), length);
            bytes.set_len(length);
        }
        Ok(bytes)
    }

    /// See [`GuestMemory::write`].
    pub(crate) fn write(self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        let start = self.range(address, bytes.len())?;
        #[cfg(target_arch = "x86_64")]
        if bytes.len() >= LONG {
            // SAFETY: `range` found all of `start..start + bytes.len()` inside of the mapping, which lives as long as the
            // memory and never shrinks or moves. It cannot overlap `bytes`, to which nobody may write.
            unsafe { copy_long(bytes.as_ptr(), start, bytes.len()) };
            return Ok(());
        }
        let (head, words) = bytes.split_at(start.align_offset(WORD).min(bytes.len()));
        let (words, tail) = words.as_chunks::<WORD>();
        // SAFETY: `range` found all of `start..start + bytes.len()` inside of the mapping, which lives as long as the
        // memory and never shrinks or moves.
        unsafe { store_bytes(start, head) };
        let mut to = start.wrapping_add(head.len());
        for word in words {
            // SAFETY: as above; `to` is aligned because the head ends at an aligned address.
            unsafe { AtomicU64::from_ptr(to.cast()) }.store(u64::from_ne_bytes(*word), Relaxed);
            to = to.wrapping_add(WORD);
        }
        // SAFETY: as above.
        unsafe { store_bytes(to, tail) };
        Ok(())
    }

    /// Checks that the range is in bounds, and returns a pointer to its start.
    #[inline]
    fn range(self, address: u64, length: usize) -> Result<*mut u8, OutOfBounds> {
        let outside = OutOfBounds {
            address,
            length: length as u64,
        };
        let end = address.checked_add(outside.length).ok_or(outside)?;
        if end > self.0.len() as u64 {
            return Err(outside);
        }
        Ok(self.0.as_ptr().cast_mut().cast::<u8>().wrapping_add(address as usize))
    }
}

/// Copies `length` bytes. A short copy is by words where `from` is aligned.
///
/// # Safety
///
/// `from` must be valid for atomic loads of `length` bytes, and `to` for writes of as many. What `to` points to belongs to the caller
/// alone, and may be uninitialized.
unsafe fn load(from: *mut u8, to: *mut u8, length: usize) {
    #[cfg(target_arch = "x86_64")]
    if length >= LONG {
        // SAFETY: by the function's contract. What belongs to the caller alone cannot overlap the guest's memory.
        return unsafe { copy_long(from, to, length) };
    }
    let head = from.align_offset(WORD).min(length);
    let aligned = head + (length - head) / WORD * WORD;
    for at in (0..head).chain(aligned..length) {
        // SAFETY: by the function's contract; `at` is below `length`.
        unsafe { to.add(at).write(AtomicU8::from_ptr(from.add(at)).load(Relaxed)) };
    }
    for at in (head..aligned).step_by(WORD) {
        // SAFETY: by the function's contract; `at + WORD` is at most `length`, and `from + at` is aligned, since `from + head` is.
        unsafe {
            let word = AtomicU64::from_ptr(from.add(at).cast()).load(Relaxed);
            to.add(at).cast::<u64>().write_unaligned(word);
        }
    }
}

/// Copies `length` bytes. Other threads may access the guest's side meanwhile.
///
/// # Safety
///
/// `from` must be valid for reads of `length` bytes, and `to` for writes of as many. The two must not overlap. One side may be
/// memory that other threads access.
#[cfg(target_arch = "x86_64")]
unsafe fn copy_long(from: *const u8, to: *mut u8, length: usize) {
    // SAFETY: the instruction reads and writes what the caller vouches for, and it counts upwards: Rust code runs with the direction
    // flag clear.
    unsafe {
        std::arch::asm!(
            "rep movsb",
            inout("rcx") length => _,
            inout("rsi") from => _,
            inout("rdi") to => _,
            options(nostack, preserves_flags),
        );
    }
}

/// # Safety
///
/// `to` must be valid for atomic stores of `from.len()` bytes.
unsafe fn store_bytes(to: *mut u8, from: &[u8]) {
    for (offset, byte) in from.iter().enumerate() {
        // SAFETY: by the function's contract.
        unsafe { AtomicU8::from_ptr(to.add(offset)) }.store(*byte, Relaxed);
    }
}

#[cfg(test)]
mod tests;
