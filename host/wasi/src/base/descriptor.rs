//! What a descriptor number can name.

use crate::base::bytes::{Collected, Sink, Source};
use crate::base::dir::Directory;
use crate::base::disk::Disk;
use crate::base::errno::{Errno, Result};
use crate::base::file::File;
use crate::base::open::Opened;
use crate::base::pipe::{MemoryInputPipe, MemoryOutputPipe};
use crate::base::rights::Rights;
use crate::base::socket::{Listener, Socket};
use crate::base::stream::Stream;
use crate::base::types::{FdFlags, Fdstat, Filestat, Filetype, Readiness, Whence};
use crate::base::watched::{Direction, Watched};
use std::os::fd::AsFd;
use std::sync::Arc;

/// An open descriptor.
pub(crate) enum Descriptor {
    /// A standard stream that the embedder left out: readers are at its end, and it discards what is written.
    Null,
    /// Bytes in the host's memory to read.
    Input(MemoryInputPipe),
    /// A buffer in the host's memory to write to.
    Output(MemoryOutputPipe),
    /// A pipe, terminal, connection or device of the host.
    Stream(Stream),
    /// A socket that accepts connections.
    Listener(Listener),
    /// A regular file.
    File(File),
    /// A directory.
    Directory(Directory),
}

impl From<Opened> for Descriptor {
    fn from(opened: Opened) -> Self {
        match opened {
            Opened::Directory(directory) => Descriptor::Directory(directory),
            Opened::File(file) => Descriptor::File(file),
            Opened::Stream(stream) => Descriptor::Stream(stream),
        }
    }
}

impl From<Socket> for Descriptor {
    fn from(socket: Socket) -> Self {
        match socket {
            Socket::Listener(listener) => Descriptor::Listener(listener),
            Socket::Connection(stream) => Descriptor::Stream(stream),
        }
    }
}

impl Descriptor {
    /// The regular file, for an operation that only those have. Streams cannot seek.
    pub(crate) fn file(&self) -> Result<&File> {
        match self {
            Descriptor::File(file) => Ok(file),
            Descriptor::Directory(_) => Err(Errno::BadF),
            Descriptor::Null
            | Descriptor::Input(_)
            | Descriptor::Output(_)
            | Descriptor::Stream(_)
            | Descriptor::Listener(_) => Err(Errno::Spipe),
        }
    }

    /// The directory, for an operation on a path.
    pub(crate) fn directory(&self) -> Result<&Directory> {
        match self {
            Descriptor::Directory(directory) => Ok(directory),
            Descriptor::File(_) => Err(Errno::NotDir),
            Descriptor::Null
            | Descriptor::Input(_)
            | Descriptor::Output(_)
            | Descriptor::Stream(_)
            | Descriptor::Listener(_) => Err(Errno::BadF),
        }
    }

    /// The host's open file, for an operation that only those on a disk have.
    pub(crate) fn on_disk(&self) -> Result<Arc<dyn AsFd + Send + Sync>> {
        match self {
            Descriptor::Directory(directory) => Ok(directory.shared()),
            Descriptor::File(file) => Ok(file.shared()),
            Descriptor::Null
            | Descriptor::Input(_)
            | Descriptor::Output(_)
            | Descriptor::Stream(_)
            | Descriptor::Listener(_) => Err(Errno::Inval),
        }
    }

    /// The connection, for an operation that only those have.
    pub(crate) fn connection(&self) -> Result<&Stream> {
        match self {
            Descriptor::Stream(stream) if stream.is_socket() => Ok(stream),
            Descriptor::Listener(_) => Err(Errno::NotConn),
            Descriptor::Null
            | Descriptor::Input(_)
            | Descriptor::Output(_)
            | Descriptor::Stream(_)
            | Descriptor::File(_)
            | Descriptor::Directory(_) => Err(Errno::NotSock),
        }
    }

    pub(crate) async fn read(&self, buffers: &impl Sink) -> Result<u32> {
        match self {
            Descriptor::Null => Ok(0),
            Descriptor::Input(pipe) => pipe.read(buffers),
            Descriptor::Stream(stream) => stream.read(buffers).await,
            Descriptor::File(file) => file.read(buffers),
            Descriptor::Listener(_) => Err(Errno::NotConn),
            Descriptor::Output(_) => Err(Errno::BadF),
            Descriptor::Directory(_) => Err(Errno::IsDir),
        }
    }

    /// Reads without waiting. It fails with `again` if nothing can be read yet.
    pub(crate) fn try_read(&self, buffers: &impl Sink) -> Result<u32> {
        match self {
            Descriptor::Null => Ok(0),
            Descriptor::Input(pipe) => pipe.read(buffers),
            Descriptor::Stream(stream) => stream.try_read(buffers),
            Descriptor::File(file) => file.read(buffers),
            Descriptor::Listener(_) => Err(Errno::NotConn),
            Descriptor::Output(_) => Err(Errno::BadF),
            Descriptor::Directory(_) => Err(Errno::IsDir),
        }
    }

    pub(crate) fn read_at(&self, buffers: &impl Sink, offset: u64) -> Result<u32> {
        match self {
            Descriptor::Directory(_) => Err(Errno::IsDir),
            Descriptor::Stream(stream) => stream.read_at(buffers, offset),
            other => other.file()?.read_at(buffers, offset),
        }
    }

    /// Reads at most `room` bytes at a position into a list.
    pub(crate) fn read_list_at(&self, room: usize, offset: u64) -> Result<Vec<u8>> {
        match self {
            Descriptor::File(file) => file.read_list_at(room, offset),
            other => {
                let bytes = Collected::new(room);
                other.read_at(&bytes, offset)?;
                Ok(bytes.into_bytes())
            }
        }
    }

    pub(crate) async fn write_at(&self, buffers: &impl Source, offset: u64, disk: &Disk) -> Result<u32> {
        match self {
            Descriptor::Stream(stream) => stream.write_at(buffers, offset),
            other => other.file()?.write_at(buffers, offset, disk).await,
        }
    }

    /// Writes at the end of a file, wherever that is.
    pub(crate) fn append(&self, bytes: &[u8]) -> Result<u32> {
        self.file()?.append(bytes)
    }

    pub(crate) fn seek(&self, offset: i64, whence: Whence) -> Result<u64> {
        match self {
            Descriptor::Stream(stream) => stream.seek(offset, whence),
            other => other.file()?.seek(offset, whence),
        }
    }

    pub(crate) async fn write(&self, buffers: &impl Source, disk: &Disk) -> Result<u32> {
        match self {
            Descriptor::Null => Ok(buffers.total() as u32),
            Descriptor::Output(pipe) => pipe.write(buffers),
            Descriptor::Stream(stream) => stream.write(buffers).await,
            Descriptor::File(file) => file.write(buffers, disk).await,
            Descriptor::Listener(_) => Err(Errno::NotConn),
            Descriptor::Input(_) | Descriptor::Directory(_) => Err(Errno::BadF),
        }
    }

    /// The open file of the host that a call may have to wait for, if there is one.
    pub(crate) fn watched(&self) -> Option<&Watched> {
        match self {
            Descriptor::Stream(stream) => Some(stream.watched()),
            Descriptor::Listener(listener) => Some(listener.watched()),
            Descriptor::Null
            | Descriptor::Input(_)
            | Descriptor::Output(_)
            | Descriptor::File(_)
            | Descriptor::Directory(_) => None,
        }
    }

    /// Whether a read or a write would return at once.
    pub(crate) fn ready(&self, direction: Direction) -> Result<Option<Readiness>> {
        let bytes = match (self, direction) {
            (Descriptor::Stream(stream), _) => return stream.ready(direction),
            (Descriptor::Listener(listener), Direction::Read) => return listener.watched().ready(direction),
            (Descriptor::File(file), _) => return file.ready(direction).map(Some),
            (Descriptor::Input(pipe), Direction::Read) => pipe.available() as u64,
            (Descriptor::Null, Direction::Read) => 0,
            (Descriptor::Null | Descriptor::Output(_), Direction::Write) => 1,
            (Descriptor::Input(_) | Descriptor::Output(_) | Descriptor::Listener(_) | Descriptor::Directory(_), _) => {
                return Err(Errno::BadF);
            }
        };
        Ok(Some(Readiness { bytes, hangup: false }))
    }

    /// Whether a person is at the other end.
    pub(crate) fn is_terminal(&self) -> bool {
        match self {
            Descriptor::Stream(stream) => stream.is_terminal(),
            Descriptor::Null
            | Descriptor::Input(_)
            | Descriptor::Output(_)
            | Descriptor::Listener(_)
            | Descriptor::File(_)
            | Descriptor::Directory(_) => false,
        }
    }

    pub(crate) fn fdstat(&self) -> Result<Fdstat> {
        let direction = match self {
            Descriptor::Null => Rights::FD_READ | Rights::FD_WRITE,
            Descriptor::Input(_) => Rights::FD_READ,
            Descriptor::Output(_) => Rights::FD_WRITE,
            Descriptor::Stream(stream) => return Ok(stream.fdstat()),
            Descriptor::Listener(listener) => return Ok(listener.fdstat()),
            Descriptor::File(file) => return file.fdstat(),
            Descriptor::Directory(directory) => return Ok(directory.fdstat()),
        };
        Ok(Fdstat {
            filetype: Filetype::Unknown,
            flags: FdFlags::empty(),
            rights: (Rights::STREAM - Rights::FD_READ - Rights::FD_WRITE) | direction,
            inheriting: Rights::empty(),
        })
    }

    pub(crate) fn set_flags(&self, flags: FdFlags) -> Result<()> {
        match self {
            Descriptor::Stream(stream) => stream.set_flags(flags),
            Descriptor::Listener(listener) => listener.set_flags(flags),
            Descriptor::File(file) => file.set_flags(flags),
            Descriptor::Directory(_) => Err(Errno::BadF),
            // These never block.
            Descriptor::Null | Descriptor::Input(_) | Descriptor::Output(_) => Ok(()),
        }
    }

    pub(crate) fn filestat(&self) -> Result<Filestat> {
        match self {
            Descriptor::Null | Descriptor::Input(_) | Descriptor::Output(_) => Ok(Filestat::STREAM),
            Descriptor::Stream(stream) => stream.filestat(),
            Descriptor::Listener(listener) => listener.filestat(),
            Descriptor::File(file) => file.filestat(),
            Descriptor::Directory(directory) => directory.filestat(),
        }
    }
}
