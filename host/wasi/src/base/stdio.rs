//! The standard streams: how an embedder sets them, and the descriptors 0, 1 and 2.

use crate::base::descriptor::Descriptor;
use crate::base::error::Error;
use crate::base::file::File;
use crate::base::pipe::{MemoryInputPipe, MemoryOutputPipe};
use crate::base::rights::Rights;
use crate::base::stream::{Stream, WriteLock};
use crate::base::types::Filetype;
use rustix::fs::{FileType, Stat, fstat};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

/// Where a standard stream leads.
#[derive(Clone)]
pub(crate) enum Stdio {
    Null,
    Inherited,
    Input(MemoryInputPipe),
    Output(MemoryOutputPipe),
    Host(Arc<OwnedFd>),
}

/// What a program reads as its standard input: a pipe in memory, or an open file of the host.
pub struct InputStream(pub(crate) Stdio);

/// Where a program's standard output or error goes: a pipe in memory, or an open file of the host.
pub struct OutputStream(pub(crate) Stdio);

impl From<MemoryInputPipe> for InputStream {
    fn from(pipe: MemoryInputPipe) -> Self {
        InputStream(Stdio::Input(pipe))
    }
}

impl From<OwnedFd> for InputStream {
    fn from(fd: OwnedFd) -> Self {
        InputStream(Stdio::Host(Arc::new(fd)))
    }
}

impl From<MemoryOutputPipe> for OutputStream {
    fn from(pipe: MemoryOutputPipe) -> Self {
        OutputStream(Stdio::Output(pipe))
    }
}

impl From<OwnedFd> for OutputStream {
    fn from(fd: OwnedFd) -> Self {
        OutputStream(Stdio::Host(Arc::new(fd)))
    }
}

/// The descriptors 0, 1 and 2. Outputs that are one file of the host take turns with each other.
pub(crate) fn standard_streams(stdio: [Stdio; 3]) -> Result<[Descriptor; 3], Error> {
    let [stdin, stdout, stderr] = stdio;
    let (own_in, own_out, own_err) = (io::stdin(), io::stdout(), io::stderr());
    let write_lock = WriteLock::default();
    let (stdin, _) = standard_stream(
        "standard input",
        stdin,
        own_in.as_fd(),
        Rights::FD_READ,
        WriteLock::default(),
    )?;
    let (stdout, out_stat) = standard_stream(
        "standard output",
        stdout,
        own_out.as_fd(),
        Rights::FD_WRITE,
        write_lock.clone(),
    )?;
    let err_stat = match &stderr {
        Stdio::Inherited => fstat(own_err.as_fd()).ok(),
        Stdio::Host(fd) => fstat(fd).ok(),
        Stdio::Null | Stdio::Input(_) | Stdio::Output(_) => None,
    };
    let identity = |stat: &Stat| (stat.st_dev, stat.st_ino);
    let write_lock = match (out_stat, err_stat) {
        (Some(out), Some(err)) if identity(&out) == identity(&err) => write_lock,
        _ => WriteLock::default(),
    };
    let (stderr, _) = standard_stream("standard error", stderr, own_err.as_fd(), Rights::FD_WRITE, write_lock)?;
    Ok([stdin, stdout, stderr])
}

fn standard_stream(
    stream: &'static str,
    stdio: Stdio,
    own: BorrowedFd<'_>,
    access: Rights,
    write_lock: WriteLock,
) -> Result<(Descriptor, Option<Stat>), Error> {
    let opened = match stdio {
        Stdio::Null => return Ok((Descriptor::Null, None)),
        Stdio::Input(pipe) => return Ok((Descriptor::Input(pipe), None)),
        Stdio::Output(pipe) => return Ok((Descriptor::Output(pipe), None)),
        Stdio::Inherited => host_stream(own, access, write_lock),
        Stdio::Host(fd) => host_stream(fd.as_fd(), access, write_lock),
    };
    let (descriptor, stat) = opened.map_err(|source| Error::Stdio { stream, source })?;
    Ok((descriptor, Some(stat)))
}

fn host_stream(fd: BorrowedFd<'_>, access: Rights, write_lock: WriteLock) -> io::Result<(Descriptor, Stat)> {
    let stat = fstat(fd)?;
    let filetype = Filetype::from(FileType::from_raw_mode(stat.st_mode));
    let descriptor = match filetype {
        Filetype::RegularFile | Filetype::BlockDevice => {
            Descriptor::File(File::inherited(fd.try_clone_to_owned()?, filetype, access))
        }
        Filetype::Unknown
        | Filetype::CharacterDevice
        | Filetype::Directory
        | Filetype::SocketStream
        | Filetype::SymbolicLink => Descriptor::Stream(Stream::from_shared(fd, &stat, access, write_lock)?),
    };
    Ok((descriptor, stat))
}
