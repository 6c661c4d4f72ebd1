//! Standard streams in the host's memory, for embedders and tests.

use crate::base::bytes::{Sink, Source};
use crate::base::errno::{Errno, Result};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An input stream in memory: a program reads its bytes, and then the end of the file. Clones share one position.
#[derive(Debug, Clone)]
pub struct MemoryInputPipe {
    unread: Arc<Mutex<Unread>>,
}

#[derive(Debug)]
struct Unread {
    bytes: Vec<u8>,
    position: usize,
}

/// An output stream in memory, which collects what a program writes, up to a capacity. Clones share the contents.
#[derive(Debug, Clone)]
pub struct MemoryOutputPipe {
    capacity: usize,
    contents: Arc<Mutex<Vec<u8>>>,
}

impl MemoryInputPipe {
    /// Creates a pipe that contains `bytes`, with its writing end closed.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        MemoryInputPipe {
            unread: Arc::new(Mutex::new(Unread {
                bytes: bytes.into(),
                position: 0,
            })),
        }
    }

    /// How many bytes are left.
    pub(crate) fn available(&self) -> usize {
        let unread = lock(&self.unread);
        unread.bytes.len() - unread.position
    }

    pub(crate) fn read(&self, buffers: &impl Sink) -> Result<u32> {
        buffers.scatter(|buffer| {
            let mut unread = lock(&self.unread);
            let rest = &unread.bytes[unread.position..];
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            unread.position += count;
            Ok(count)
        })
    }
}

impl MemoryOutputPipe {
    /// Creates a pipe that holds at most `capacity` bytes. If a program writes to a full pipe, it gets the error `nospc`.
    pub fn new(capacity: usize) -> Self {
        MemoryOutputPipe {
            capacity,
            contents: Arc::default(),
        }
    }

    /// Everything that the program has written so far.
    pub fn contents(&self) -> Vec<u8> {
        lock(&self.contents).clone()
    }

    pub(crate) fn write(&self, buffers: &impl Source) -> Result<u32> {
        buffers.gather(|bytes| {
            let mut contents = lock(&self.contents);
            let room = self.capacity.saturating_sub(contents.len());
            if room == 0 && !bytes.is_empty() {
                return Err(Errno::NoSpc);
            }
            let taken = bytes.get(..room).unwrap_or(bytes);
            contents.extend_from_slice(taken);
            Ok(taken.len() as u32)
        })?
    }
}

/// No code under these locks panics, and every state of the contents is a valid one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
