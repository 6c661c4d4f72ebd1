//! The buffers that a guest names for a read or a write.
//!
//! Problem: the guest passes an array of (address, length) pairs, and may change the array and the bytes during the
//! call. Solution: the host copies the array once, checks the copy, and uses only the copy. Since memories never
//! shrink, a range that was in bounds stays in bounds, so no byte read from a pipe is lost to a bad address. Between
//! guest memory and a system call, the bytes pass through a buffer of the worker, because a Rust slice of memory that
//! other threads write is undefined behaviour. So a small call allocates nothing.
//!
//! Rejected: passing the guest's addresses to `readv` (needs raw system calls, and saves only a copy of mostly few
//! bytes).

use crate::base::bytes::{Sink, Source, with_scratch};
use crate::base::errno::{Errno, Result};
use weft_parallel::{GuestMemory, MemoryCharge};

/// The most buffers that one call may name: Linux's `IOV_MAX`.
const MAX_BUFFERS: u32 = 1024;
/// The most pairs that need no allocation.
const INLINE: usize = 8;

/// A checked copy of a guest's array of `iovec` or `ciovec`.
pub(crate) struct Buffers<'a> {
    memory: GuestMemory<'a>,
    inline: [Buffer; INLINE],
    spilled: Vec<Buffer>,
    count: usize,
    total: usize,
    /// For the copies of the bytes, which may last until the call is over.
    pub(crate) charge: Option<MemoryCharge>,
}

#[derive(Clone, Copy, Default)]
struct Buffer {
    address: u32,
    length: u32,
}

impl<'a> Buffers<'a> {
    /// Copies and checks the array of `count` pairs at `address`. The call is to move `limit` bytes at most.
    pub(crate) fn copy_in(memory: GuestMemory<'a>, address: u32, count: u32, limit: usize) -> Result<Self> {
        if count > MAX_BUFFERS {
            return Err(Errno::Inval);
        }
        let mut buffers = Buffers {
            memory,
            inline: [Buffer::default(); INLINE],
            spilled: Vec::new(),
            count: count as usize,
            total: 0,
            charge: None,
        };
        memory.check(address.into(), u64::from(count) * 8)?;
        if buffers.count > INLINE {
            buffers.spilled = vec![Buffer::default(); buffers.count];
        }
        let mut at = u64::from(address);
        let mut total = 0u64;
        for buffer in buffers.pairs_mut() {
            let pair = memory.read_u64(at)?;
            *buffer = Buffer {
                address: pair as u32,
                length: (pair >> 32) as u32,
            };
            memory.check(buffer.address.into(), buffer.length.into())?;
            total += u64::from(buffer.length);
            at += 8;
        }
        // The result is a 32-bit number of bytes.
        if total > u64::from(u32::MAX) {
            return Err(Errno::Inval);
        }
        buffers.total = (total as usize).min(limit);
        Ok(buffers)
    }

    /// How many bytes the call moves at most.
    pub(crate) fn total(&self) -> usize {
        self.total
    }

    fn pairs(&self) -> &[Buffer] {
        match self.spilled.is_empty() {
            true => &self.inline[..self.count],
            false => &self.spilled,
        }
    }

    fn pairs_mut(&mut self) -> &mut [Buffer] {
        match self.spilled.is_empty() {
            true => &mut self.inline[..self.count],
            false => &mut self.spilled,
        }
    }
}

impl Source for Buffers<'_> {
    fn total(&self) -> usize {
        self.total
    }

    fn gather<R>(&self, write: impl FnOnce(&[u8]) -> R) -> Result<R> {
        with_scratch(self.total, |scratch| {
            let mut rest = &mut *scratch;
            for buffer in self.pairs() {
                let length = (buffer.length as usize).min(rest.len());
                let (part, after) = rest.split_at_mut(length);
                self.memory.read(buffer.address.into(), part)?;
                rest = after;
            }
            Ok(write(scratch))
        })
    }
}

impl Sink for Buffers<'_> {
    fn total(&self) -> usize {
        self.total
    }

    fn scatter(&self, read: impl FnOnce(&mut [u8]) -> Result<usize>) -> Result<u32> {
        with_scratch(self.total, |scratch| {
            let count = read(scratch)?;
            let mut rest = &scratch[..count];
            for buffer in self.pairs() {
                let (part, after) = rest.split_at((buffer.length as usize).min(rest.len()));
                self.memory.write(buffer.address.into(), part)?;
                rest = after;
            }
            Ok(count as u32)
        })
    }
}
