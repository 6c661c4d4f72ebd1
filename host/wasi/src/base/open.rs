//! Opens what is at a path below a directory.

use crate::base::dir::{Directory, follow_symlinks};
use crate::base::errno::{Errno, Result};
use crate::base::file::File;
use crate::base::listing::Listing;
use crate::base::perms::{DirPerms, FilePerms};
use crate::base::rights::Rights;
use crate::base::stream::Stream;
use crate::base::types::{FdFlags, Filetype, LookupFlags, OFlags};
use cap_fs_ext::{OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use rustix::fs::{FileType, OFlags as HostFlags};
use rustix::fs::{fcntl_getfl, fcntl_setfl, fstat};
use rustix::io::retry_on_intr;
use std::os::fd::OwnedFd;
use std::sync::Arc;

/// How `path_open` is to open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenMode {
    pub(crate) lookup: LookupFlags,
    pub(crate) open: OFlags,
    pub(crate) rights: Rights,
    pub(crate) flags: FdFlags,
}

/// What was opened at a path.
pub(crate) enum Opened {
    Directory(Directory),
    File(File),
    Stream(Stream),
}

impl Directory {
    /// `path_open`.
    pub(crate) fn open(&self, path: &str, mode: OpenMode) -> Result<Opened> {
        self.require(DirPerms::READ)?;
        let depth_left = self.descend(path)?;
        let wants_directory = mode.open.contains(OFlags::DIRECTORY);
        if wants_directory && mode.open.intersects(OFlags::CREAT | OFlags::EXCL | OFlags::TRUNC) {
            return Err(Errno::Inval);
        }
        // The host refuses to open a directory for writing.
        let write = match wants_directory {
            true => mode.rights.write_to_directory(),
            false => mode.rights.contains(Rights::FD_WRITE) || mode.open.intersects(OFlags::CREAT | OFlags::TRUNC),
        };
        if mode.open.contains(OFlags::CREAT) {
            self.require(DirPerms::MUTATE)?;
        }
        if write && !self.file_perms.contains(FilePerms::WRITE) {
            return Err(Errno::Perm);
        }
        // Without permission to read, opening a file fails before the file is truncated or created; opening a directory
        // does not fail.
        let unreadable = mode.rights.contains(Rights::FD_READ) && !self.file_perms.contains(FilePerms::READ);
        if unreadable && write && !self.stat(mode.lookup, path).is_ok_and(|found| found.is_dir()) {
            return Err(Errno::Perm);
        }
        let fd = self.at(path, || self.open_host(path, mode, write))?;
        self.check_procfs(&fd)?;
        let stat = retry_on_intr(|| fstat(&fd))?;
        let filetype = Filetype::from(FileType::from_raw_mode(stat.st_mode));
        if filetype == Filetype::Directory {
            if mode.open.contains(OFlags::CREAT) {
                return Err(Errno::IsDir);
            }
            return Ok(Opened::Directory(Directory {
                dir: Arc::new(Dir::from_std_file(fd.into())),
                preopen: None,
                depth_left,
                dir_perms: self.dir_perms,
                file_perms: self.file_perms,
                procfs: self.procfs,
                listing: Listing::default(),
            }));
        }
        if unreadable {
            return Err(Errno::Perm);
        }
        if mode.flags.contains(FdFlags::APPEND) {
            fcntl_setfl(&fd, fcntl_getfl(&fd)? | HostFlags::APPEND)?;
        }
        match filetype {
            Filetype::RegularFile | Filetype::BlockDevice => {
                let changeable = self.file_perms.contains(FilePerms::WRITE);
                let rights = Rights::of_file(mode.rights, changeable);
                Ok(Opened::File(File::new(fd, filetype, rights, mode.flags)))
            }
            Filetype::Unknown
            | Filetype::CharacterDevice
            | Filetype::Directory
            | Filetype::SocketStream
            | Filetype::SymbolicLink => {
                let stream = Stream::from_nonblocking(fd, &stat, mode.rights);
                stream.set_flags(mode.flags & FdFlags::NONBLOCK)?;
                Ok(Opened::Stream(stream))
            }
        }
    }

    /// To create a file, the host opens it for writing. So this first opens a file that exists as the guest asked: opening it for
    /// writing may be impossible, or mean something else.
    fn open_host(&self, path: &str, mode: OpenMode, write: bool) -> Result<OwnedFd> {
        let changes = OFlags::CREAT | OFlags::EXCL | OFlags::TRUNC;
        let to_read = mode.open & changes == OFlags::CREAT && !mode.rights.contains(Rights::FD_WRITE);
        // A path that ends with a slash cannot be created, and has its own error.
        if to_read && !path.ends_with('/') {
            let there = OpenMode {
                open: mode.open - changes,
                ..mode
            };
            match self
                .dir
                .open_with(path, &self.options(there, false))
                .map_err(Errno::from)
            {
                Err(Errno::NoEnt) => {}
                outcome => return Ok(outcome?.into_std().into()),
            }
        }
        let opened = self.dir.open_with(path, &self.options(mode, write))?;
        Ok(opened.into_std().into())
    }

    /// Opening never blocks, not even a pipe's end: whether the guest's reads block is decided at each read.
    fn options(&self, mode: OpenMode, write: bool) -> OpenOptions {
        let mut host = HostFlags::NONBLOCK | HostFlags::NOCTTY;
        host.set(HostFlags::DIRECTORY, mode.open.contains(OFlags::DIRECTORY));
        let mut options = OpenOptions::new();
        options
            .read(mode.rights.contains(Rights::FD_READ) || !write)
            .write(write)
            .create(mode.open.contains(OFlags::CREAT))
            .create_new(mode.open.contains(OFlags::CREAT | OFlags::EXCL))
            .truncate(mode.open.contains(OFlags::TRUNC))
            .custom_flags(host.bits().cast_signed())
            .sync(mode.flags.contains(FdFlags::SYNC))
            .dsync(mode.flags.contains(FdFlags::DSYNC))
            .rsync(mode.flags.contains(FdFlags::RSYNC))
            .follow(follow_symlinks(mode.lookup.contains(LookupFlags::SYMLINK_FOLLOW)));
        options
    }
}
