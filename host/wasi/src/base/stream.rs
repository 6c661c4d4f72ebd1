//! Streams of the host: pipes, terminals, sockets and devices.
//!
//! Problem: a read or write of such a stream may block for ever, but a worker must never block: other guest threads
//! wait for it, and ending the program means dropping the call. Also, an inherited descriptor must keep its flags:
//! `O_NONBLOCK` belongs to the open file, which this process shares with the one that started it.
//!
//! Solution: a call makes an attempt that cannot block. If it would have blocked, the call waits for readiness, and
//! this wait can be dropped at once. There are three kinds of attempt (`Attempt`). Pipes and terminals are opened again
//! through `/proc`, which returns a separate open file that may be non-blocking. Sockets take a flag with each call.
//! For all others, `poll` checks readiness first, and a lock is held during the check and the attempt, neither of which
//! blocks. Such an attempt moves at most `PIPE_BUF` bytes, which a writable pipe takes whole.
//!
//! The bytes of one write are not mixed with those of other guest threads: a write that cannot complete at once keeps
//! the stream's *write lock* while it waits, and later writes queue for the lock. No worker blocks on the lock: a write
//! that queues is a suspended fiber, and a write that is dropped releases the lock. Standard output and standard error
//! share one lock if they are the same file.
//!
//! Rejected: an OS thread for each stream (a blocked `read` cannot be cancelled, and would consume input that the next
//! program should get); setting `O_NONBLOCK` (breaks the shell that started this process).

use crate::base::bytes::{Sink, Source};
use crate::base::errno::{Errno, Result};
use crate::base::file::{host_offset, host_seek};
use crate::base::rights::Rights;
use crate::base::types::{FdFlags, Fdstat, Filestat, Filetype, Readiness, Whence};
use crate::base::watched::{Direction, Watched};
use rustix::fs::{FileType, Mode, OFlags, Stat, fcntl_getfl, fstat, open};
use rustix::io::{Errno as Os, pread, pwrite, read, retry_on_intr, write};
use rustix::net::{RecvFlags, SendFlags, Shutdown, recv, send, shutdown};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// What a pipe takes whole when `poll` calls it writable.
const PIPE_BUF: usize = 4096;

/// The lock of writers: see the module's documentation.
pub(crate) type WriteLock = Arc<async_lock::Mutex<()>>;

/// How bytes are moved without blocking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    /// The open file is non-blocking.
    NonBlocking,
    /// A socket: each call has a flag that it must not block.
    Socket,
    /// `poll` says whether a small read or write would block.
    Probe,
}

/// What to receive from a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receive {
    /// The bytes that have arrived, as soon as there are any.
    Some,
    /// The same, but the bytes stay to be received again.
    Peek,
    /// As many bytes as there is room for.
    All,
}

/// A pipe, terminal, socket or device of the host.
pub(crate) struct Stream {
    fd: Arc<Watched>,
    attempt: Attempt,
    filetype: Filetype,
    access: Rights,
    /// What the guest set; the host's flags stay as they are.
    flags: AtomicU16,
    probe: Mutex<()>,
    write_lock: WriteLock,
}

impl Stream {
    /// A stream on a duplicate of an open file whose flags must not change. `access` says whether it reads or writes.
    pub(crate) fn from_shared(
        fd: BorrowedFd<'_>,
        stat: &Stat,
        access: Rights,
        write_lock: WriteLock,
    ) -> std::io::Result<Self> {
        let (fd, attempt) = match FileType::from_raw_mode(stat.st_mode) {
            FileType::Socket => (fd.try_clone_to_owned()?, Attempt::Socket),
            FileType::Fifo | FileType::CharacterDevice => match reopen(fd, stat) {
                Some(own) => (own, Attempt::NonBlocking),
                None => (fd.try_clone_to_owned()?, Attempt::Probe),
            },
            _ => (fd.try_clone_to_owned()?, Attempt::Probe),
        };
        Ok(Stream::new(fd, attempt, stat, access, write_lock))
    }

    /// A stream on an open file of its own that is non-blocking.
    pub(crate) fn from_nonblocking(fd: OwnedFd, stat: &Stat, access: Rights) -> Self {
        Stream::new(fd, Attempt::NonBlocking, stat, access, WriteLock::default())
    }

    fn new(fd: OwnedFd, attempt: Attempt, stat: &Stat, access: Rights, write_lock: WriteLock) -> Self {
        let filetype = FileType::from_raw_mode(stat.st_mode).into();
        let mut access = access & (Rights::FD_READ | Rights::FD_WRITE);
        // A C library takes a character device for a terminal unless it has these.
        if filetype == Filetype::CharacterDevice && !std::io::IsTerminal::is_terminal(&fd) {
            access |= Rights::FD_SEEK | Rights::FD_TELL;
        }
        Stream {
            fd: Arc::new(Watched::new(fd)),
            attempt,
            filetype,
            access,
            flags: AtomicU16::new(0),
            probe: Mutex::new(()),
            write_lock,
        }
    }

    /// A connection.
    pub(crate) fn connection(fd: OwnedFd) -> Result<Self> {
        Stream::of_socket(Arc::new(Watched::new(fd)))
    }

    /// A connection on a socket that other processes may share.
    pub(crate) fn of_socket(socket: Arc<Watched>) -> Result<Self> {
        let filetype = FileType::from_raw_mode(fstat(&socket)?.st_mode).into();
        Ok(Stream {
            fd: socket,
            attempt: Attempt::Socket,
            filetype,
            access: Rights::FD_READ | Rights::FD_WRITE,
            flags: AtomicU16::new(0),
            probe: Mutex::new(()),
            write_lock: WriteLock::default(),
        })
    }

    /// Ends one direction of a connection, or both.
    pub(crate) fn shut_down(&self, how: Shutdown) -> Result<()> {
        Ok(shutdown(&self.fd, how)?)
    }

    /// Whether an attempt would move bytes, find the end, or fail.
    pub(crate) fn ready(&self, direction: Direction) -> Result<Option<Readiness>> {
        match self.access.contains(direction.right()) {
            true => self.fd.ready(direction),
            false => Err(Errno::BadF),
        }
    }

    /// The open file, to wait for.
    pub(crate) fn watched(&self) -> &Watched {
        &self.fd
    }

    /// Devices other than terminals have positions, most of which mean nothing.
    pub(crate) fn seek(&self, offset: i64, whence: Whence) -> Result<u64> {
        match self.access.contains(Rights::FD_SEEK) {
            true => host_seek(self.fd.as_fd(), offset, whence),
            false => Err(Errno::Spipe),
        }
    }

    /// Reads a device at a position. Those that have one, such as `/dev/zero`, have nothing to wait for.
    pub(crate) fn read_at(&self, buffers: &impl Sink, offset: u64) -> Result<u32> {
        self.require_position(Rights::FD_READ, offset)?;
        buffers.scatter(|buffer| Ok(retry_on_intr(|| pread(&self.fd, &mut *buffer, offset))?))
    }

    /// Writes to a device at a position, as [`Self::read_at`] reads.
    pub(crate) fn write_at(&self, buffers: &impl Source, offset: u64) -> Result<u32> {
        self.require_position(Rights::FD_WRITE, offset)?;
        let count = buffers.gather(|bytes| retry_on_intr(|| pwrite(&self.fd, bytes, offset)))??;
        Ok(count as u32)
    }

    fn require_position(&self, right: Rights, offset: u64) -> Result<()> {
        if !self.access.contains(Rights::FD_SEEK) {
            return Err(Errno::Spipe);
        }
        if !self.access.contains(right) {
            return Err(Errno::BadF);
        }
        host_offset(offset)
    }

    pub(crate) fn is_terminal(&self) -> bool {
        self.filetype == Filetype::CharacterDevice && std::io::IsTerminal::is_terminal(&self.fd.as_fd())
    }

    pub(crate) fn is_socket(&self) -> bool {
        self.attempt == Attempt::Socket
    }

    pub(crate) async fn read(&self, buffers: &impl Sink) -> Result<u32> {
        self.receive(buffers, Receive::Some).await
    }

    /// Reads without waiting. It fails with `again` if nothing can be read yet.
    pub(crate) fn try_read(&self, buffers: &impl Sink) -> Result<u32> {
        match self.access.contains(Rights::FD_READ) {
            true => buffers.scatter(|buffer| Ok(self.read_now(buffer, RecvFlags::empty())?)),
            false => Err(Errno::BadF),
        }
    }

    /// Reads, or, from a socket, receives in the way of `how`.
    pub(crate) async fn receive(&self, buffers: &impl Sink, how: Receive) -> Result<u32> {
        if !self.access.contains(Rights::FD_READ) {
            return Err(Errno::BadF);
        }
        if buffers.total() == 0 {
            return Ok(0);
        }
        let flags = match how {
            Receive::Some => RecvFlags::empty(),
            Receive::Peek => RecvFlags::PEEK,
            Receive::All => return self.receive_all(buffers).await,
        };
        loop {
            match buffers.scatter(|buffer| self.read_now(buffer, flags).map_err(Errno::from)) {
                Err(Errno::Again) if !self.is_nonblock() => self.fd.wait(Direction::Read).await?,
                result => return result,
            }
        }
    }

    /// Waits until the buffers are full, the other side is gone, or there is an error. What was received before an
    /// error is not lost.
    async fn receive_all(&self, buffers: &impl Sink) -> Result<u32> {
        let mut bytes = vec![0; buffers.total()];
        let mut count = 0;
        while let Some(rest) = bytes.get_mut(count..).filter(|rest| !rest.is_empty()) {
            match self.read_now(rest, RecvFlags::empty()) {
                Ok(0) => break,
                Ok(more) => count += more,
                Err(Os::AGAIN) if !self.is_nonblock() => match self.fd.wait(Direction::Read).await {
                    Ok(()) => {}
                    Err(error) if count == 0 => return Err(error),
                    Err(_) => break,
                },
                Err(error) if count == 0 => return Err(error.into()),
                Err(_) => break,
            }
        }
        buffers.scatter(|buffer| {
            buffer[..count].copy_from_slice(&bytes[..count]);
            Ok(count)
        })
    }

    pub(crate) async fn write(&self, buffers: &impl Source) -> Result<u32> {
        if !self.access.contains(Rights::FD_WRITE) {
            return Err(Errno::BadF);
        }
        let _locked = match self.write_lock.try_lock() {
            Some(locked) => locked,
            None if self.is_nonblock() => return Err(Errno::Again),
            None => self.write_lock.lock().await,
        };
        let (mut written, mut outcome, rest) = buffers.gather(|bytes| {
            let (written, outcome) = self.write_now(bytes);
            let rest = match outcome {
                Err(Os::AGAIN) => bytes[written..].to_vec(),
                _ => Vec::new(),
            };
            (written, outcome, rest)
        })?;
        let mut rest = &rest[..];
        while outcome == Err(Os::AGAIN) && !self.is_nonblock() {
            match self.fd.wait(Direction::Write).await {
                Ok(()) => {}
                Err(error) if written == 0 => return Err(error),
                Err(_) => break,
            }
            let (count, again) = self.write_now(rest);
            rest = &rest[count..];
            written += count;
            outcome = again;
        }
        match outcome {
            Err(error) if written == 0 => Err(error.into()),
            _ => Ok(written as u32),
        }
    }

    pub(crate) fn fdstat(&self) -> Fdstat {
        let flags = FdFlags::from_bits_truncate(self.flags.load(Relaxed));
        let rights = match self.is_socket() {
            true => Rights::CONNECTION,
            false => Rights::STREAM,
        };
        Fdstat {
            filetype: self.filetype,
            flags,
            rights: (rights - Rights::FD_READ - Rights::FD_WRITE) | self.access,
            inheriting: Rights::empty(),
        }
    }

    pub(crate) fn filestat(&self) -> Result<Filestat> {
        Ok(retry_on_intr(|| fstat(&self.fd))?.into())
    }

    pub(crate) fn set_flags(&self, flags: FdFlags) -> Result<()> {
        if flags.intersects(FdFlags::DSYNC | FdFlags::RSYNC | FdFlags::SYNC) {
            return Err(Errno::Inval);
        }
        self.flags.store(flags.bits(), Relaxed);
        Ok(())
    }

    fn is_nonblock(&self) -> bool {
        self.flags.load(Relaxed) & FdFlags::NONBLOCK.bits() != 0
    }

    /// `flags` are for a socket.
    fn read_now(&self, buffer: &mut [u8], flags: RecvFlags) -> rustix::io::Result<usize> {
        match self.attempt {
            Attempt::NonBlocking => retry_on_intr(|| read(&self.fd, &mut *buffer)),
            Attempt::Socket => {
                retry_on_intr(|| recv(&self.fd, &mut *buffer, RecvFlags::DONTWAIT | flags)).map(|(_, n)| n)
            }
            Attempt::Probe => {
                let _attempt = self.probe.lock().unwrap_or_else(PoisonError::into_inner);
                if self.fd.probe(Direction::Read)?.is_empty() {
                    return Err(Os::AGAIN);
                }
                retry_on_intr(|| read(&self.fd, &mut *buffer))
            }
        }
    }

    /// Writes as much as possible without blocking, and returns how much that was and what ended it.
    fn write_now(&self, bytes: &[u8]) -> (usize, rustix::io::Result<()>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.write_once(rest) {
                Ok(0) => return (bytes.len() - rest.len(), Err(Os::IO)),
                Ok(count) => rest = &rest[count..],
                Err(error) => return (bytes.len() - rest.len(), Err(error)),
            }
        }
        (bytes.len(), Ok(()))
    }

    fn write_once(&self, bytes: &[u8]) -> rustix::io::Result<usize> {
        match self.attempt {
            Attempt::NonBlocking => retry_on_intr(|| write(&self.fd, bytes)),
            Attempt::Socket => retry_on_intr(|| send(&self.fd, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL)),
            Attempt::Probe => {
                let _attempt = self.probe.lock().unwrap_or_else(PoisonError::into_inner);
                if self.fd.probe(Direction::Write)?.is_empty() {
                    return Err(Os::AGAIN);
                }
                retry_on_intr(|| write(&self.fd, bytes.get(..PIPE_BUF).unwrap_or(bytes)))
            }
        }
    }
}

/// Opens the same pipe or terminal again, as a separate non-blocking open file. `None` if the system refuses.
fn reopen(fd: BorrowedFd<'_>, stat: &Stat) -> Option<OwnedFd> {
    // Opening this device makes a new terminal instead of another way to the same one.
    const PTMX: (u32, u32) = (5, 2);
    let is_device = FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice;
    if is_device && (rustix::fs::major(stat.st_rdev), rustix::fs::minor(stat.st_rdev)) == PTMX {
        return None;
    }
    let access = fcntl_getfl(fd).ok()? & OFlags::RWMODE;
    let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
    let flags = access | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let own = retry_on_intr(|| open(&path, flags, Mode::empty())).ok()?;
    let found = fstat(&own).ok()?;
    let same = |stat: &Stat| (stat.st_dev, stat.st_ino, stat.st_rdev);
    (same(&found) == same(stat)).then_some(own)
}

#[cfg(test)]
mod tests;
