//! The rights of a descriptor.
//!
//! Problem: in preview 1, a descriptor has a set of rights, and a directory has a second set for what is opened through
//! it. When libraries open something, they request rights carelessly, since today's hosts check little more than
//! reading and writing. But if a program removes rights from a descriptor with `fd_fdstat_set_rights` before it passes
//! the descriptor on, it relies on the refusal. Solution: a descriptor has all rights that its kind, its permissions
//! and the way it was opened allow, and beside that
//! [`GivenUp`]: what the program took from it. These sets only grow. What needs a right that was given up is
//! `notcapable`; what is opened through a directory starts with what the directory gave up for it.
//!
//! Rejected: giving a descriptor only the rights that `path_open` requested (breaks programs that run everywhere else).

use crate::base::errno::{Errno, Result};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

bitflags::bitflags! {
    /// The rights of a descriptor.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Rights: u64 {
        const FD_DATASYNC = 1 << 0;
        const FD_READ = 1 << 1;
        const FD_SEEK = 1 << 2;
        const FD_FDSTAT_SET_FLAGS = 1 << 3;
        const FD_SYNC = 1 << 4;
        const FD_TELL = 1 << 5;
        const FD_WRITE = 1 << 6;
        const FD_ADVISE = 1 << 7;
        const FD_ALLOCATE = 1 << 8;
        const PATH_CREATE_DIRECTORY = 1 << 9;
        const PATH_CREATE_FILE = 1 << 10;
        const PATH_LINK_SOURCE = 1 << 11;
        const PATH_LINK_TARGET = 1 << 12;
        const PATH_OPEN = 1 << 13;
        const FD_READDIR = 1 << 14;
        const PATH_READLINK = 1 << 15;
        const PATH_RENAME_SOURCE = 1 << 16;
        const PATH_RENAME_TARGET = 1 << 17;
        const PATH_FILESTAT_GET = 1 << 18;
        const PATH_FILESTAT_SET_SIZE = 1 << 19;
        const PATH_FILESTAT_SET_TIMES = 1 << 20;
        const FD_FILESTAT_GET = 1 << 21;
        const FD_FILESTAT_SET_SIZE = 1 << 22;
        const FD_FILESTAT_SET_TIMES = 1 << 23;
        const PATH_SYMLINK = 1 << 24;
        const PATH_REMOVE_DIRECTORY = 1 << 25;
        const PATH_UNLINK_FILE = 1 << 26;
        const POLL_FD_READWRITE = 1 << 27;
        const SOCK_SHUTDOWN = 1 << 28;
        const SOCK_ACCEPT = 1 << 29;

        /// Every operation that a stream has.
        const STREAM = Self::FD_READ.bits() | Self::FD_WRITE.bits() | Self::FD_FDSTAT_SET_FLAGS.bits()
            | Self::FD_FILESTAT_GET.bits() | Self::POLL_FD_READWRITE.bits();
        /// Every operation that a connection has.
        const CONNECTION = Self::STREAM.bits() | Self::SOCK_SHUTDOWN.bits();
        /// Every operation that a listening socket has.
        const LISTENER = Self::SOCK_ACCEPT.bits() | Self::SOCK_SHUTDOWN.bits() | Self::FD_FDSTAT_SET_FLAGS.bits()
            | Self::FD_FILESTAT_GET.bits() | Self::POLL_FD_READWRITE.bits();
        /// Every operation that a regular file has.
        const FILE = Self::STREAM.bits() | Self::FD_DATASYNC.bits() | Self::FD_SEEK.bits() | Self::FD_SYNC.bits()
            | Self::FD_TELL.bits() | Self::FD_ADVISE.bits() | Self::FD_ALLOCATE.bits()
            | Self::FD_FILESTAT_SET_SIZE.bits() | Self::FD_FILESTAT_SET_TIMES.bits();
        /// The operations on a file that need it open for writing.
        const FILE_WRITE = Self::FD_WRITE.bits() | Self::FD_ALLOCATE.bits() | Self::FD_FILESTAT_SET_SIZE.bits();
        /// The operations on a directory that change it.
        const DIRECTORY_MUTATE = Self::PATH_CREATE_DIRECTORY.bits() | Self::PATH_CREATE_FILE.bits()
            | Self::PATH_LINK_SOURCE.bits() | Self::PATH_LINK_TARGET.bits() | Self::PATH_RENAME_SOURCE.bits()
            | Self::PATH_RENAME_TARGET.bits() | Self::PATH_FILESTAT_SET_SIZE.bits()
            | Self::PATH_FILESTAT_SET_TIMES.bits() | Self::PATH_SYMLINK.bits() | Self::PATH_REMOVE_DIRECTORY.bits()
            | Self::PATH_UNLINK_FILE.bits() | Self::FD_FILESTAT_SET_TIMES.bits();
        /// Every operation that a directory has.
        const DIRECTORY = Self::DIRECTORY_MUTATE.bits() | Self::FD_DATASYNC.bits() | Self::FD_SYNC.bits()
            | Self::PATH_OPEN.bits() | Self::FD_READDIR.bits() | Self::PATH_READLINK.bits()
            | Self::PATH_FILESTAT_GET.bits() | Self::FD_FILESTAT_GET.bits();
        /// Every right that `wasi_unstable` has, to which preview 1 added `SOCK_ACCEPT`. No file and no directory has them all.
        const EVERY = Self::SOCK_ACCEPT.bits() - 1;
    }
}

impl Rights {
    /// Whether a program that opens a directory with these rights wants to write to it, which is an error. One that asks
    /// for every right there is, those of sockets included, means those that a directory has. C libraries do not: they ask for
    /// what the parent directory passes on, and for `FD_WRITE` only if the program opens for writing.
    pub(crate) fn write_to_directory(self) -> bool {
        self.contains(Rights::FD_WRITE) && !self.contains(Rights::EVERY)
    }

    /// What may be done with a regular file that is open for `access`, and whose times may be set if it is `changeable`.
    pub(crate) fn of_file(access: Rights, changeable: bool) -> Rights {
        let mut rights = Rights::FILE;
        rights.set(Rights::FD_READ, access.contains(Rights::FD_READ));
        rights.set(Rights::FILE_WRITE, access.contains(Rights::FD_WRITE));
        rights.set(Rights::FD_FILESTAT_SET_TIMES, changeable);
        rights
    }
}

/// The rights that a program removed from a descriptor.
#[derive(Debug)]
pub(crate) struct GivenUp {
    base: AtomicU64,
    inheriting: AtomicU64,
}

impl GivenUp {
    pub(crate) fn nothing() -> Self {
        Self::both(Rights::empty())
    }

    fn both(rights: Rights) -> Self {
        GivenUp {
            base: AtomicU64::new(rights.bits()),
            inheriting: AtomicU64::new(rights.bits()),
        }
    }

    /// What remains of `base`.
    pub(crate) fn left_of(&self, base: Rights) -> Rights {
        base - Rights::from_bits_truncate(self.base.load(Relaxed))
    }

    /// What remains of `inheriting`.
    pub(crate) fn left_to_inherit(&self, inheriting: Rights) -> Rights {
        inheriting - Rights::from_bits_truncate(self.inheriting.load(Relaxed))
    }

    /// # Errors
    ///
    /// `notcapable` if one of the rights is among those that were given up.
    pub(crate) fn require(&self, needed: Rights) -> Result<()> {
        match self.left_of(needed) == needed {
            true => Ok(()),
            false => Err(Errno::NotCapable),
        }
    }

    /// Gives up more rights. Nothing restores them, so calls of several threads all take effect.
    pub(crate) fn add(&self, base: Rights, inheriting: Rights) {
        self.base.fetch_or(base.bits(), Relaxed);
        self.inheriting.fetch_or(inheriting.bits(), Relaxed);
    }

    /// Whether this directory gave up all rights for files opened through it that the other directory gave up. If not,
    /// a file that gets a name here would have more rights than there.
    ///
    /// # Errors
    ///
    /// `notcapable` if not.
    pub(crate) fn require_all_of(&self, other: &GivenUp) -> Result<()> {
        let here = self.inheriting.load(Relaxed);
        match other.inheriting.load(Relaxed) & !here {
            0 => Ok(()),
            _ => Err(Errno::NotCapable),
        }
    }

    /// What is given up from the start by what is opened through this directory with the rights `asked`.
    ///
    /// # Errors
    ///
    /// `notcapable` if one of those is among them.
    pub(crate) fn inherit(&self, asked: Rights) -> Result<GivenUp> {
        match self.left_to_inherit(asked) == asked {
            true => Ok(Self::both(Rights::from_bits_truncate(self.inheriting.load(Relaxed)))),
            false => Err(Errno::NotCapable),
        }
    }
}
