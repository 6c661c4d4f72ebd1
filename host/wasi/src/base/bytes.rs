//! Sources for the bytes of writes, and destinations for those of reads.
//!
//! **Problem.** Preview 1 names buffers in guest memory, which other threads write; WASI 0.2 passes lists, which the
//! host has already copied. **Here**, code that reads and writes files and streams depends on neither: it gets bytes
//! from a [`Source`], or passes them to a [`Sink`].
//!
//! **Rejected:** copying guest memory into a list first (costs an allocation for each call of preview 1).

use crate::base::errno::Result;
use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

/// A worker keeps a buffer of this size; a bigger one lasts for its call only.
const KEPT: usize = 1 << 20;

/// Bytes that a guest wants to write.
pub(crate) trait Source: Sync {
    /// The most bytes that the call moves.
    fn total(&self) -> usize;

    /// Gives them to `write`.
    fn gather<R>(&self, write: impl FnOnce(&[u8]) -> R) -> Result<R>;
}

/// Room for bytes that a guest wants to read.
pub(crate) trait Sink: Sync {
    /// The most bytes that the call moves.
    fn total(&self) -> usize;

    /// Lets `read` fill a buffer of the worker, and passes to the guest as many bytes as `read` returns.
    fn scatter(&self, read: impl FnOnce(&mut [u8]) -> Result<usize>) -> Result<u32>;
}

impl Source for &[u8] {
    fn total(&self) -> usize {
        self.len()
    }

    fn gather<R>(&self, write: impl FnOnce(&[u8]) -> R) -> Result<R> {
        Ok(write(self))
    }
}

/// A list of the bytes that were read.
pub(crate) struct Collected {
    room: usize,
    bytes: Mutex<Vec<u8>>,
}

impl Collected {
    /// An empty list, for at most `room` bytes.
    pub(crate) fn new(room: usize) -> Self {
        Collected {
            room,
            bytes: Mutex::default(),
        }
    }

    /// What was read last.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Collected {
    fn total(&self) -> usize {
        self.room
    }

    fn scatter(&self, read: impl FnOnce(&mut [u8]) -> Result<usize>) -> Result<u32> {
        with_scratch(self.room, |scratch| {
            let count = read(scratch)?;
            let bytes = scratch[..count].to_vec();
            *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) = bytes;
            Ok(count as u32)
        })
    }
}

/// Runs `work` with `length` bytes of this worker's buffer. A nested use gets a buffer of its own.
pub(crate) fn with_scratch<R>(length: usize, work: impl FnOnce(&mut [u8]) -> R) -> R {
    thread_local! {
        static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    }
    let mut scratch = SCRATCH.take();
    if scratch.len() < length {
        scratch.resize(length.max(4096), 0);
    }
    let result = work(&mut scratch[..length]);
    if scratch.len() <= KEPT {
        SCRATCH.set(scratch);
    }
    result
}
