//! Streams that a program reads.

use super::error::Failure;
use crate::base::bytes::Collected;
use crate::base::descriptor::Descriptor;
use crate::base::errno::{Errno, Result as HostResult};
use crate::base::poll::{Wait, Waitable, wait_until};
use crate::base::table::Open;
use crate::base::watched::Direction;
use crate::preview2::call::Call;
use rustix::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// The most bytes that one read returns, as in Wasmtime.
pub(crate) const MOST: usize = 64 << 10;

/// The resource `input-stream`. Threads that read one stream get different pieces.
pub(crate) struct InputStream {
    source: Source,
    /// Whether a read has met the end or an error. From then on, the stream is at its end.
    closed: AtomicBool,
}

enum Source {
    /// A stream without bytes.
    End,
    /// A descriptor, at its own position if it has one.
    Descriptor(Arc<Open>),
    /// A file, at the stream's position.
    File { file: Arc<Open>, position: Mutex<u64> },
}

impl InputStream {
    fn new(source: Source) -> Self {
        InputStream {
            source,
            closed: AtomicBool::new(false),
        }
    }

    /// A stream that is at its end.
    pub(crate) fn ended() -> Self {
        InputStream::new(Source::End)
    }

    /// A stream from a descriptor.
    pub(crate) fn of(descriptor: Arc<Open>) -> Self {
        InputStream::new(Source::Descriptor(descriptor))
    }

    /// A file's bytes from `position` on.
    pub(crate) fn of_file(file: Arc<Open>, position: u64) -> Self {
        InputStream::new(Source::File {
            file,
            position: Mutex::new(position),
        })
    }

    /// Reads the bytes that are available now, without waiting. There may be none.
    pub(crate) fn read(&self, call: Call<'_>, length: u64) -> Result<Vec<u8>, Failure> {
        if self.closed.load(Relaxed) {
            return Err(Failure::Closed);
        }
        let most = MOST.min(call.ctx.limits.transfer);
        let room = usize::try_from(length).map_or(most, |length| length.min(most));
        if room == 0 {
            return Ok(Vec::new());
        }
        let _charge = call.charge(room)?;
        match self.read_list(room) {
            Ok(bytes) if bytes.is_empty() => {
                self.closed.store(true, Relaxed);
                Err(Failure::Closed)
            }
            Ok(bytes) => Ok(bytes),
            Err(Errno::Again) => Ok(Vec::new()),
            Err(error) => {
                self.closed.store(true, Relaxed);
                Err(error.into())
            }
        }
    }

    /// Reads at most `room` bytes. At the end of the stream, the list is empty.
    fn read_list(&self, room: usize) -> HostResult<Vec<u8>> {
        match &self.source {
            Source::End => Ok(Vec::new()),
            Source::Descriptor(descriptor) => {
                let bytes = Collected::new(room);
                descriptor.try_read(&bytes)?;
                Ok(bytes.into_bytes())
            }
            Source::File { file, position } => {
                // Two threads do not get the same bytes. No code under this lock panics.
                let mut position = position.lock().unwrap_or_else(PoisonError::into_inner);
                let bytes = file.read_list_at(room, *position)?;
                *position += bytes.len() as u64;
                Ok(bytes)
            }
        }
    }

    /// Reads as soon as bytes are available.
    pub(crate) async fn blocking_read(&self, call: Call<'_>, length: u64) -> Result<Vec<u8>, Failure> {
        loop {
            let bytes = self.read(call, length)?;
            if !bytes.is_empty() || length == 0 {
                return Ok(bytes);
            }
            let is_ready = || self.is_ready().then_some(());
            // In a box, because most calls do not wait, and the allocator takes longer for a future that has this wait in it.
            Box::pin(wait_until(&call.ctx.clocks, is_ready, || {
                self.wait().into_iter().collect()
            }))
            .await?;
        }
    }

    /// Ends the stream. It returns no more bytes of the connection.
    pub(crate) fn shut_down(&self) {
        self.closed.store(true, Relaxed);
        if let Source::Descriptor(connection) = &self.source {
            // If the peer has already closed the connection, there is nothing to end. A waiting thread wakes up.
            let _ = connection
                .connection()
                .map(|connection| connection.shut_down(Shutdown::Read));
        }
    }
}

impl Waitable for InputStream {
    /// Whether a read would return bytes, the end, or an error.
    fn is_ready(&self) -> bool {
        match &self.source {
            Source::End => true,
            Source::Descriptor(descriptor) => {
                self.closed.load(Relaxed) || !matches!(descriptor.ready(Direction::Read), Ok(None))
            }
            Source::File { .. } => true,
        }
    }

    fn wait(&self) -> Option<Wait<'_>> {
        match &self.source {
            Source::Descriptor(descriptor) => Some(Wait::File(Descriptor::watched(descriptor)?, Direction::Read)),
            Source::End | Source::File { .. } => None,
        }
    }
}
