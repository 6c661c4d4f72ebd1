//! Sockets that an embedder hands in: connections, which are streams, and listening sockets, which accept them.

use crate::base::errno::{Errno, Result};
use crate::base::rights::Rights;
use crate::base::stream::Stream;
use crate::base::types::{FdFlags, Fdstat, Filestat, Filetype};
use crate::base::watched::{Direction, Watched};
use rustix::fs::fstat;
use rustix::io::{Errno as Os, ioctl_fionbio, retry_on_intr};
use rustix::net::{SocketFlags, SocketType, accept_with, getpeername, sockopt};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// A listening socket. It is made non-blocking, because nothing tells whether the next `accept` would block: others may
/// accept too.
pub(crate) struct Listener {
    socket: Watched,
    /// What the guest set.
    nonblock: AtomicBool,
}

/// A socket that an embedder handed in.
pub(crate) enum Socket {
    Listener(Listener),
    Connection(Stream),
}

/// What a socket of the host becomes.
pub(crate) fn handed_in(socket: OwnedFd) -> io::Result<Socket> {
    if sockopt::socket_type(&socket)? != SocketType::STREAM {
        return Err(Os::PROTOTYPE.into());
    }
    if sockopt::socket_acceptconn(&socket)? {
        ioctl_fionbio(&socket, true)?;
        return Ok(Socket::Listener(Listener {
            socket: Watched::new(socket),
            nonblock: AtomicBool::new(false),
        }));
    }
    getpeername(&socket)?;
    let stream = Stream::connection(socket).map_err(|_| Os::BADF)?;
    Ok(Socket::Connection(stream))
}

impl Listener {
    /// Waits for the next connection. Of `flags`, a connection has only the one that makes it non-blocking.
    pub(crate) async fn accept(&self, flags: FdFlags) -> Result<Stream> {
        loop {
            match retry_on_intr(|| accept_with(&self.socket, SocketFlags::CLOEXEC)) {
                Ok(connection) => {
                    let stream = Stream::connection(connection)?;
                    stream.set_flags(flags)?;
                    return Ok(stream);
                }
                Err(Os::AGAIN) if !self.nonblock.load(Relaxed) => self.socket.wait(Direction::Read).await?,
                // The connection was closed before it was accepted: wait for the next one.
                Err(Os::CONNABORTED) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The socket, to wait for.
    pub(crate) fn watched(&self) -> &Watched {
        &self.socket
    }

    pub(crate) fn fdstat(&self) -> Fdstat {
        let mut flags = FdFlags::empty();
        flags.set(FdFlags::NONBLOCK, self.nonblock.load(Relaxed));
        Fdstat {
            filetype: Filetype::SocketStream,
            flags,
            rights: Rights::LISTENER,
            inheriting: Rights::CONNECTION,
        }
    }

    pub(crate) fn filestat(&self) -> Result<Filestat> {
        Ok(fstat(&self.socket)?.into())
    }

    pub(crate) fn set_flags(&self, flags: FdFlags) -> Result<()> {
        match flags - FdFlags::NONBLOCK {
            others if others.is_empty() => {
                self.nonblock.store(flags.contains(FdFlags::NONBLOCK), Relaxed);
                Ok(())
            }
            _ => Err(Errno::Inval),
        }
    }
}
