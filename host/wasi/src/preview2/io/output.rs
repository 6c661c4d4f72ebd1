//! Streams that a program writes.
//!
//! **Problem.** The interface separates `write`, which returns at once, from `flush` and `pollable.block`, which wait,
//! so that a program with one thread can do something else meanwhile. But if a pipe or terminal has no room, the
//! written bytes need a buffer. **Here,** `write` suspends the calling guest thread until the system has taken
//! all bytes, as Wasmtime's `write` to standard output blocks the program. So nothing is lost when the program ends, no
//! buffer takes memory, and other threads run meanwhile.
//!
//! **Rejected:** a buffer for each stream that a task empties (a program that ends would lose its last lines).

use super::error::Failure;
use super::input::MOST;
use super::outgoing::Outgoing;
use crate::base::descriptor::Descriptor;
use crate::base::disk::Disk;
use crate::base::errno::{Errno, Result as HostResult};
use crate::base::poll::{Wait, Waitable, wait_until};
use crate::base::table::Open;
use crate::base::watched::Direction;
use crate::preview2::call::Call;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The most bytes that `blocking-write-and-flush` and `blocking-write-zeroes-and-flush` accept.
const MOST_AND_FLUSH: u64 = 4096;

/// The resource `output-stream`.
pub(crate) struct OutputStream {
    sink: Sink,
    /// Whether an operation on the file failed. From then on, the stream accepts nothing.
    closed: AtomicBool,
}

enum Sink {
    /// Nobody reads what is written.
    Closed,
    /// A descriptor, at its own position if it has one.
    Descriptor(Arc<Open>),
    /// A file, at the stream's position.
    File {
        file: Arc<Open>,
        position: async_lock::Mutex<u64>,
    },
    /// The end of a file.
    End(Arc<Open>),
    /// A connection.
    Connection(Outgoing),
}

impl OutputStream {
    fn new(sink: Sink) -> Self {
        OutputStream {
            sink,
            closed: AtomicBool::new(false),
        }
    }

    /// A stream that accepts nothing.
    pub(crate) fn closed() -> Self {
        OutputStream::new(Sink::Closed)
    }

    /// A stream to a descriptor.
    pub(crate) fn of(descriptor: Arc<Open>) -> Self {
        OutputStream::new(Sink::Descriptor(descriptor))
    }

    /// A file, from `position` on.
    pub(crate) fn of_file(file: Arc<Open>, position: u64) -> Self {
        OutputStream::new(Sink::File {
            file,
            position: async_lock::Mutex::new(position),
        })
    }

    /// A file, to which bytes are appended.
    pub(crate) fn at_end_of(file: Arc<Open>) -> Self {
        OutputStream::new(Sink::End(file))
    }

    /// A stream to a connection.
    pub(crate) fn of_connection(connection: Arc<Open>) -> Self {
        OutputStream::new(Sink::Connection(Outgoing::new(connection)))
    }

    /// How many bytes may be written.
    pub(crate) fn check_write(&self) -> Result<u64, Failure> {
        match &self.sink {
            Sink::Closed => Err(Failure::Closed),
            Sink::Connection(outgoing) => outgoing.permitted(),
            _ if self.closed.load(Relaxed) => Err(Failure::Closed),
            // If there is no room, `write` waits for it, unless the program polls first.
            Sink::Descriptor(descriptor) if matches!(descriptor.ready(Direction::Write), Ok(None)) => Ok(0),
            Sink::Descriptor(_) | Sink::File { .. } | Sink::End(_) => Ok(MOST as u64),
        }
    }

    /// Writes all of `bytes`. Other calls of the program write nothing between them.
    pub(crate) async fn write(&self, call: Call<'_>, bytes: &[u8]) -> Result<(), Failure> {
        if let Sink::Connection(outgoing) = &self.sink {
            return outgoing.write(call, bytes).await;
        }
        if self.closed.load(Relaxed) {
            return Err(Failure::Closed);
        }
        let _charge = call.charge(bytes.len())?;
        match self.write_all(&call.ctx.disk, bytes).await {
            Ok(()) => Ok(()),
            Err(Errno::Pipe) => Err(Failure::Closed),
            Err(error) => {
                self.closed.store(self.is_file(), Relaxed);
                Err(error.into())
            }
        }
    }

    async fn write_all(&self, disk: &Disk, bytes: &[u8]) -> HostResult<()> {
        let mut rest = bytes;
        let mut position = match &self.sink {
            Sink::File { position, .. } => Some(position.lock().await),
            Sink::Closed | Sink::Descriptor(_) | Sink::End(_) | Sink::Connection(_) => None,
        };
        // As in Wasmtime, a file that is not open for writing refuses no bytes, too.
        if rest.is_empty() {
            return match (&self.sink, &position) {
                (Sink::File { file, .. }, Some(position)) => file.write_at(&rest, **position, disk).await.map(drop),
                (Sink::End(file), _) => file.append(rest).map(drop),
                (Sink::File { .. }, None) | (Sink::Closed | Sink::Descriptor(_) | Sink::Connection(_), _) => Ok(()),
            };
        }
        while !rest.is_empty() {
            let count = match (&self.sink, &mut position) {
                (Sink::Closed | Sink::Connection(_), _) => return Err(Errno::Pipe),
                (Sink::Descriptor(descriptor), _) => descriptor.write(&rest, disk).await?,
                (Sink::End(file), _) => file.append(rest)?,
                (Sink::File { file, .. }, Some(position)) => {
                    let count = file.write_at(&rest, **position, disk).await?;
                    **position += u64::from(count);
                    count
                }
                (Sink::File { .. }, None) => return Err(Errno::Io),
            };
            rest = match rest.get(count as usize..) {
                Some(rest) if count > 0 => rest,
                _ => return Err(Errno::Io),
            };
        }
        Ok(())
    }

    /// Writes a few bytes. The system has accepted them when this returns.
    pub(crate) async fn write_and_flush(&self, call: Call<'_>, bytes: &[u8]) -> Result<(), Failure> {
        match bytes.len() as u64 > MOST_AND_FLUSH {
            true => Err(Failure::Trap(
                "Buffer too large for blocking-write-and-flush (expected at most 4096)",
            )),
            false => self.write_and_wait(call, bytes).await,
        }
    }

    async fn write_and_wait(&self, call: Call<'_>, bytes: &[u8]) -> Result<(), Failure> {
        match &self.sink {
            Sink::Connection(outgoing) => outgoing.write_and_flush(call, bytes).await,
            Sink::Closed | Sink::Descriptor(_) | Sink::File { .. } | Sink::End(_) => self.write(call, bytes).await,
        }
    }

    /// Writes a few zeroes. The system has accepted them when this returns.
    pub(crate) async fn zeroes_and_flush(&self, call: Call<'_>, count: u64) -> Result<(), Failure> {
        match count > MOST_AND_FLUSH {
            true => Err(Failure::Trap(
                "Buffer too large for blocking-write-zeroes-and-flush (expected at most 4096)",
            )),
            false => self.write_and_wait(call, &vec![0; count as usize]).await,
        }
    }

    /// Writes zeroes, at most as many as are permitted.
    pub(crate) async fn zeroes(&self, call: Call<'_>, count: u64) -> Result<(), Failure> {
        match count > self.check_write()? {
            true => Err(Failure::Trap("cannot write more zeroes than `check-write` permits")),
            false => self.write(call, &vec![0; count as usize]).await,
        }
    }

    /// Checks that the stream accepts bytes. Bytes for a connection are sent without a flush.
    pub(crate) fn flush(&self) -> Result<(), Failure> {
        match &self.sink {
            Sink::Closed => Err(Failure::Closed),
            Sink::Connection(outgoing) => outgoing.check(),
            Sink::Descriptor(_) | Sink::File { .. } | Sink::End(_) => match self.closed.load(Relaxed) {
                true => Err(Failure::Closed),
                false => Ok(()),
            },
        }
    }

    /// Waits until all bytes have been sent.
    pub(crate) async fn blocking_flush(&self) -> Result<(), Failure> {
        match &self.sink {
            Sink::Connection(outgoing) => outgoing.flush().await,
            Sink::Closed | Sink::Descriptor(_) | Sink::File { .. } | Sink::End(_) => self.flush(),
        }
    }

    /// Accepts no more bytes. Those that are being sent to the connection still arrive.
    pub(crate) fn shut_down(&self) {
        if let Sink::Connection(outgoing) = &self.sink {
            outgoing.shut_down();
        }
    }

    /// Waits until bytes can be written, and returns how many.
    pub(crate) async fn permitted(&self, call: Call<'_>) -> Result<u64, Failure> {
        let permitted = || match self.check_write() {
            Ok(0) => None,
            other => Some(other),
        };
        wait_until(&call.ctx.clocks, permitted, || self.wait().into_iter().collect()).await?
    }

    fn is_file(&self) -> bool {
        matches!(self.sink, Sink::File { .. } | Sink::End(_))
    }
}

impl Waitable for OutputStream {
    /// Whether a write would not wait.
    fn is_ready(&self) -> bool {
        !matches!(self.check_write(), Ok(0))
    }

    fn wait(&self) -> Option<Wait<'_>> {
        match &self.sink {
            Sink::Descriptor(descriptor) => Some(Wait::File(Descriptor::watched(descriptor)?, Direction::Write)),
            Sink::Connection(outgoing) => outgoing.wait(),
            Sink::Closed | Sink::File { .. } | Sink::End(_) => None,
        }
    }
}
