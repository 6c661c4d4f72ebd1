//! Directories, and what happens at paths below them.
//!
//! Problem: a guest's path may try to escape from its directory: by `..`, absolute paths, or symbolic links, which
//! another thread may even exchange during the call. cap-std resolves every path, with the kernel's help if available.
//! The code here only counts a path's names, and looks at trailing slashes, which say that the path must be a
//! directory.
//!
//! An attempt to escape returns `perm`. So does an operation that the permissions of the preopened directory forbid. A
//! link or a rename between preopened directories must not extend the permissions for the file.

use crate::base::errno::{Errno, Result, uninterrupted};
use crate::base::error::Error;
use crate::base::listing::Listing;
use crate::base::perms::{DirPerms, FilePerms};
use crate::base::procfs::is_procfs;
use crate::base::rights::Rights;
use crate::base::slashes::{is_name_with_slash, names_the_inside, without_last_slashes};
use crate::base::types::{FdFlags, Fdstat, Filestat, Filetype, LookupFlags, nanoseconds};
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, File as Place, Metadata, MetadataExt, OpenOptions, OpenOptionsExt};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags as HostFlags, Timestamps};
use rustix::fs::{fstat, futimens, openat, readlinkat, utimensat};
use rustix::io::{Errno as Os, retry_on_intr};
use std::ffi::OsString;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStringExt;
use std::sync::Arc;

/// An open directory.
pub(crate) struct Directory {
    pub(super) dir: Arc<Dir>,
    /// The name under which the guest knows a directory that was open from the start.
    pub(super) preopen: Option<String>,
    /// How many names a path from here may have.
    pub(super) depth_left: u32,
    pub(super) dir_perms: DirPerms,
    pub(super) file_perms: FilePerms,
    /// Whether what is on procfs may be used.
    pub(super) procfs: bool,
    pub(crate) listing: Listing,
}

impl Directory {
    pub(crate) fn preopened(dir: Dir, guest_path: String, dir_perms: DirPerms, file_perms: FilePerms) -> Self {
        Directory {
            dir: Arc::new(dir),
            preopen: Some(guest_path),
            depth_left: u32::MAX,
            dir_perms,
            file_perms,
            procfs: true,
            listing: Listing::default(),
        }
    }

    /// Limits how many names a path from here may have.
    pub(crate) fn limit_depth(&mut self, depth: u32) {
        self.depth_left = depth;
    }

    /// From now on, refuses files on procfs.
    ///
    /// # Errors
    ///
    /// This directory is on procfs.
    pub(crate) fn refuse_procfs(&mut self) -> std::result::Result<(), Error> {
        self.procfs = false;
        self.check_procfs(&self.dir).map_err(|_| Error::Procfs {
            path: self.preopen.clone().unwrap_or_default(),
        })
    }

    /// The guest's name of a preopened directory.
    pub(crate) fn preopen(&self) -> Option<&str> {
        self.preopen.as_deref()
    }

    /// The host's open file.
    pub(crate) fn shared(&self) -> Arc<Dir> {
        self.dir.clone()
    }

    pub(crate) fn as_fd(&self) -> BorrowedFd<'_> {
        self.dir.as_fd()
    }

    /// The same directory, opened anew so that it can be listed from the beginning.
    pub(crate) fn reopen(&self) -> Result<Directory> {
        self.require(DirPerms::READ)?;
        let flags = HostFlags::RDONLY | HostFlags::DIRECTORY | HostFlags::CLOEXEC;
        let fd = retry_on_intr(|| openat(&self.dir, ".", flags, Mode::empty()))?;
        Ok(Directory {
            dir: Arc::new(Dir::from_std_file(fd.into())),
            preopen: None,
            depth_left: self.depth_left,
            dir_perms: self.dir_perms,
            file_perms: self.file_perms,
            procfs: self.procfs,
            listing: Listing::default(),
        })
    }

    pub(crate) fn create_directory(&self, path: &str) -> Result<()> {
        self.require(DirPerms::MUTATE)?;
        self.descend(path)?;
        self.at(path, || Ok(self.dir.create_dir(path)?))
    }

    pub(crate) fn remove_directory(&self, path: &str) -> Result<()> {
        self.require(DirPerms::MUTATE)?;
        self.descend(path)?;
        self.at(path, || Ok(self.dir.remove_dir(without_last_slashes(path))?))
    }

    pub(crate) fn unlink_file(&self, path: &str) -> Result<()> {
        self.require(DirPerms::MUTATE)?;
        self.descend(path)?;
        self.at(path, || match self.dir.remove_file(path).map_err(Errno::from) {
            // If a link's path ends with a slash, cap-std follows the link to a directory. But the link itself is no
            // directory.
            Err(Errno::IsDir) if self.dir.symlink_metadata(without_last_slashes(path))?.is_symlink() => {
                Err(Errno::NotDir)
            }
            outcome => outcome,
        })
    }

    /// A symbolic link whose target is absolute is refused: it could never be followed.
    pub(crate) fn symlink(&self, target: &str, path: &str) -> Result<()> {
        self.require(DirPerms::MUTATE)?;
        self.descend(path)?;
        self.at(path, || Ok(self.dir.symlink(target, path)?))
    }

    pub(crate) fn read_link(&self, path: &str) -> Result<OsString> {
        self.require(DirPerms::READ)?;
        self.descend(path)?;
        let target = self.at(path, || Ok(self.dir.read_link(path)?.into_os_string()))?;
        if self.procfs {
            return Ok(target);
        }
        // Another thread may have exchanged the link meanwhile, so this returns the target of the link that was
        // checked.
        let link = uninterrupted(|| self.place(without_last_slashes(path), false))?;
        self.check_procfs(&link)?;
        let target = retry_on_intr(|| readlinkat(&link, "", Vec::new()))?;
        Ok(OsString::from_vec(target.into_bytes()))
    }

    pub(crate) fn link(&self, path: &str, to: &Directory, to_path: &str) -> Result<()> {
        self.require_move(to)?;
        self.descend(path)?;
        to.descend(to_path)?;
        self.at(path, || {
            to.at(to_path, || Ok(self.dir.hard_link(path, &to.dir, to_path)?))
        })
    }

    pub(crate) fn rename(&self, path: &str, to: &Directory, to_path: &str) -> Result<()> {
        self.require_move(to)?;
        self.descend(path)?;
        to.descend(to_path)?;
        // cap-std ignores the slash. Only a directory may get a name that ends with one.
        if is_name_with_slash(to_path) && !self.stat(LookupFlags::empty(), path)?.is_dir() {
            return Err(Errno::NotDir);
        }
        self.at(path, || {
            to.at(to_path, || Ok(self.dir.rename(path, &to.dir, to_path)?))
        })
    }

    pub(crate) fn filestat_at(&self, lookup: LookupFlags, path: &str) -> Result<Filestat> {
        self.require(DirPerms::READ)?;
        self.descend(path)?;
        Ok(filestat(&self.stat(lookup, path)?))
    }

    pub(super) fn stat(&self, lookup: LookupFlags, path: &str) -> Result<Metadata> {
        let inside = names_the_inside(path);
        let follow = inside || lookup.contains(LookupFlags::SYMLINK_FOLLOW);
        let place = self.at(path, || self.place(path, follow))?;
        self.check_procfs(&place)?;
        let metadata = uninterrupted(|| Ok(place.metadata()?))?;
        match inside && !metadata.is_dir() {
            true => Err(Errno::NotDir),
            false => Ok(metadata),
        }
    }

    /// Does not open the file itself: opening a pipe would wait for its other side, and a running program refuses.
    pub(crate) fn set_times_at(&self, lookup: LookupFlags, path: &str, times: &Timestamps) -> Result<()> {
        self.require(DirPerms::MUTATE)?;
        self.descend(path)?;
        let follow = names_the_inside(path) || lookup.contains(LookupFlags::SYMLINK_FOLLOW);
        let place = self.at(path, || self.place(path, follow))?;
        self.check_procfs(&place)?;
        match retry_on_intr(|| utimensat(&place, "", times, AtFlags::EMPTY_PATH)) {
            // Linux before 5.8 cannot set the times of a file that is open with `O_PATH`, except by its name.
            Err(Os::INVAL | Os::NOENT) => {
                let name = format!("/proc/self/fd/{}", place.as_raw_fd());
                Ok(retry_on_intr(|| utimensat(CWD, &name, times, AtFlags::empty()))?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// What is at a path, as a place in the file system: it is neither read nor written.
    pub(super) fn place(&self, path: &str, follow: bool) -> Result<Place> {
        let mut options = OpenOptions::new();
        options
            .read(true)
            .custom_flags(HostFlags::PATH.bits().cast_signed())
            .follow(follow_symlinks(follow));
        Ok(self.dir.open_with(path, &options)?)
    }

    /// # Errors
    ///
    /// `perm` if the file is on procfs, and that is refused.
    pub(super) fn check_procfs(&self, file: impl AsFd) -> Result<()> {
        match !self.procfs && is_procfs(file)? {
            true => Err(Errno::Perm),
            false => Ok(()),
        }
    }

    /// Runs an operation that cannot succeed on procfs, because it creates, links or removes a file, or whose result
    /// the caller checks. Its errors would tell which files exist, so if procfs is refused, they all become `perm`.
    ///
    /// If a signal interrupts the operation, it is repeated. So no part of it may fail after it has changed something.
    pub(super) fn at<R>(&self, path: &str, operation: impl FnMut() -> Result<R>) -> Result<R> {
        uninterrupted(operation).map_err(|error| match !self.procfs && self.leads_to_procfs(path) {
            true => Errno::Perm,
            false => error,
        })
    }

    /// Whether the last existing directory of a path is on procfs.
    fn leads_to_procfs(&self, path: &str) -> bool {
        let mut directory = path.trim_end_matches('/');
        while let Some((parent, _)) = directory.rsplit_once('/') {
            directory = parent.trim_end_matches('/');
            if let Ok(place) = uninterrupted(|| self.place(directory, true)) {
                return is_procfs(place).unwrap_or(true);
            }
        }
        false
    }

    pub(crate) fn fdstat(&self) -> Fdstat {
        let mut rights = Rights::DIRECTORY;
        let access = [(FilePerms::READ, Rights::FD_READ), (FilePerms::WRITE, Rights::FD_WRITE)];
        let access = access.iter().filter(|(perm, _)| self.file_perms.contains(*perm));
        let access = access.fold(Rights::empty(), |all, (_, right)| all | *right);
        let files = Rights::of_file(access, self.file_perms.contains(FilePerms::WRITE));
        if !self.dir_perms.contains(DirPerms::MUTATE) {
            rights -= Rights::DIRECTORY_MUTATE;
        }
        Fdstat {
            filetype: Filetype::Directory,
            flags: FdFlags::empty(),
            rights,
            inheriting: rights | files,
        }
    }

    pub(crate) fn filestat(&self) -> Result<Filestat> {
        Ok(retry_on_intr(|| fstat(&self.dir))?.into())
    }

    pub(crate) fn set_times(&self, times: &Timestamps) -> Result<()> {
        self.require(DirPerms::MUTATE)?;
        Ok(retry_on_intr(|| futimens(&self.dir, times))?)
    }

    /// Whether names may be made, changed and removed here.
    pub(crate) fn is_changeable(&self) -> bool {
        self.dir_perms.contains(DirPerms::MUTATE)
    }

    pub(crate) fn require(&self, perms: DirPerms) -> Result<()> {
        match self.dir_perms.contains(perms) {
            true => Ok(()),
            false => Err(Errno::Perm),
        }
    }

    /// How many names a path may have that continues from `path`. A name that leads back also counts.
    pub(super) fn descend(&self, path: &str) -> Result<u32> {
        let names = path.split('/').filter(|name| !matches!(*name, "" | ".")).count();
        u32::try_from(names)
            .ok()
            .and_then(|names| self.depth_left.checked_sub(names))
            .ok_or(Errno::NameTooLong)
    }

    /// Whether a file may get a name in `to`: `to` must not allow more operations on it than this directory.
    fn require_move(&self, to: &Directory) -> Result<()> {
        self.require(DirPerms::MUTATE)?;
        to.require(DirPerms::MUTATE)?;
        match self.file_perms.contains(to.file_perms) && self.dir_perms.contains(to.dir_perms) {
            true => Ok(()),
            false => Err(Errno::Perm),
        }
    }
}

pub(super) fn follow_symlinks(follow: bool) -> FollowSymlinks {
    match follow {
        true => FollowSymlinks::Yes,
        false => FollowSymlinks::No,
    }
}

fn filestat(metadata: &Metadata) -> Filestat {
    Filestat {
        device: metadata.dev(),
        inode: metadata.ino(),
        filetype: FileType::from_raw_mode(metadata.mode()).into(),
        links: metadata.nlink(),
        size: metadata.size(),
        accessed: nanoseconds(metadata.atime(), metadata.atime_nsec()),
        modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
    }
}
