//! An open file of the host on which a guest thread can wait.
//!
//! The first wait registers the file with the reactor. A wait can be dropped at any time, and lets the worker run other
//! guest threads. If the reactor cannot watch a file, such as some devices, the wait polls slowly.

use crate::base::errno::Result;
use crate::base::rights::Rights;
use crate::base::types::Readiness;
use async_io::{Async, Timer};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno as Os, ioctl_fionread, retry_on_intr};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long to wait before the next attempt on a device that the reactor cannot watch.
const RETRY: Duration = Duration::from_millis(10);

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Read,
    Write,
}

impl Direction {
    /// The access for which a descriptor must have been opened.
    pub(crate) fn right(self) -> Rights {
        match self {
            Direction::Read => Rights::FD_READ,
            Direction::Write => Rights::FD_WRITE,
        }
    }
}

/// An open file of the host on which a guest thread can wait.
pub(crate) struct Watched {
    fd: Arc<OwnedFd>,
    /// Created at the first wait. An error is the reactor's answer for this kind of file, which never changes.
    registered: OnceLock<std::result::Result<Async<Arc<OwnedFd>>, Os>>,
}

impl Watched {
    pub(crate) fn new(fd: OwnedFd) -> Self {
        Watched {
            fd: Arc::new(fd),
            registered: OnceLock::new(),
        }
    }

    /// Suspends until another attempt is worth it.
    pub(crate) async fn wait(&self, direction: Direction) -> Result<()> {
        let registered = self.registered.get_or_init(|| {
            Async::new_nonblocking(self.fd.clone()).map_err(|error| Os::from_io_error(&error).unwrap_or(Os::IO))
        });
        match (registered, direction) {
            (Ok(registered), Direction::Read) => registered.readable().await?,
            (Ok(registered), Direction::Write) => registered.writable().await?,
            // To the reactor, the file is always ready, but the attempt found otherwise.
            (Err(Os::PERM), _) => {
                Timer::after(RETRY).await;
            }
            (Err(error), _) => return Err((*error).into()),
        }
        Ok(())
    }

    /// Whether an attempt would move bytes, find the end, or fail.
    pub(crate) fn ready(&self, direction: Direction) -> Result<Option<Readiness>> {
        let found = self.probe(direction)?;
        if found.is_empty() {
            return Ok(None);
        }
        let bytes = match direction {
            Direction::Read => ioctl_fionread(&self.fd).unwrap_or(0),
            Direction::Write => 1,
        };
        let hangup = found.intersects(PollFlags::HUP | PollFlags::ERR);
        Ok(Some(Readiness { bytes, hangup }))
    }

    /// What holds now: that an attempt is worth it, that the other side is gone, or nothing.
    pub(crate) fn probe(&self, direction: Direction) -> rustix::io::Result<PollFlags> {
        const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
        let wanted = match direction {
            Direction::Read => PollFlags::IN,
            Direction::Write => PollFlags::OUT,
        };
        let mut fds = [PollFd::from_borrowed_fd(self.fd.as_fd(), wanted)];
        retry_on_intr(|| poll(&mut fds, Some(&NOW)))?;
        let [found] = fds;
        Ok(found.revents())
    }
}

impl AsFd for Watched {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
