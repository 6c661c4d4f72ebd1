//! Regular files (and block devices). They are always ready, and the worker itself reads and writes them, since that
//! takes a short time. Calls that wait until the disk has everything run on another thread of the host: see `disk.rs`.
//!
//! The position is that of the host's open file, so threads that share a descriptor share the position as POSIX
//! specifies, and the host's kernel keeps each call atomic. The kernel also appends, for the same reason: one write is
//! one call.

use crate::base::bytes::{Sink, Source};
use crate::base::disk::Disk;
use crate::base::errno::{Errno, Result};
use crate::base::rights::Rights;
use crate::base::types::{FdFlags, Fdstat, Filestat, Filetype, Readiness, Whence};
use crate::base::watched::Direction;
use rustix::buffer::spare_capacity;
use rustix::fs::{Advice, FallocateFlags, OFlags, SeekFrom, Timestamps};
use rustix::fs::{fadvise, fallocate, fcntl_getfl, fcntl_setfl, fstat, ftruncate, futimens, seek};
use rustix::io::{ReadWriteFlags, pread, pwrite, pwritev2, read, retry_on_intr, write};
use std::io::IoSlice;
use std::num::NonZeroU64;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// An open regular file.
pub(crate) struct File {
    fd: Arc<OwnedFd>,
    filetype: Filetype,
    rights: Rights,
    /// Has no effect on a regular file, but a program that sets it expects to read it back.
    nonblock: AtomicBool,
    /// Whether a write waits until the disk has it.
    synchronous: bool,
    /// Whether the open file is another process's too, so that its flags must stay.
    inherited: bool,
}

impl File {
    /// A file that was open before the program began, as a standard stream.
    pub(crate) fn inherited(fd: OwnedFd, filetype: Filetype, access: Rights) -> Self {
        let rights = Rights::of_file(access, access.contains(Rights::FD_WRITE));
        File {
            inherited: true,
            ..File::new(fd, filetype, rights, FdFlags::empty())
        }
    }

    /// `flags` is what it was opened with.
    pub(crate) fn new(fd: OwnedFd, filetype: Filetype, rights: Rights, flags: FdFlags) -> Self {
        File {
            fd: Arc::new(fd),
            filetype,
            rights,
            nonblock: AtomicBool::new(flags.contains(FdFlags::NONBLOCK)),
            synchronous: flags.intersects(FdFlags::DSYNC | FdFlags::RSYNC | FdFlags::SYNC),
            inherited: false,
        }
    }

    pub(crate) fn read(&self, buffers: &impl Sink) -> Result<u32> {
        self.require(Rights::FD_READ)?;
        buffers.scatter(|buffer| Ok(retry_on_intr(|| read(&self.fd, &mut *buffer))?))
    }

    pub(crate) async fn write(&self, buffers: &impl Source, disk: &Disk) -> Result<u32> {
        self.require(Rights::FD_WRITE)?;
        self.write_by(buffers, disk, |fd, bytes| retry_on_intr(|| write(fd, bytes)))
            .await
    }

    pub(crate) fn read_at(&self, buffers: &impl Sink, offset: u64) -> Result<u32> {
        self.require(Rights::FD_READ)?;
        host_offset(offset)?;
        buffers.scatter(|buffer| Ok(retry_on_intr(|| pread(&self.fd, &mut *buffer, offset))?))
    }

    /// Reads at most `room` bytes at a position, into memory that nothing has to clear or copy.
    pub(crate) fn read_list_at(&self, room: usize, offset: u64) -> Result<Vec<u8>> {
        self.require(Rights::FD_READ)?;
        host_offset(offset)?;
        // rustix takes no list without room.
        let mut bytes = Vec::with_capacity(room.max(1));
        retry_on_intr(|| pread(&self.fd, spare_capacity(&mut bytes), offset))?;
        bytes.truncate(room);
        Ok(bytes)
    }

    pub(crate) async fn write_at(&self, buffers: &impl Source, offset: u64, disk: &Disk) -> Result<u32> {
        self.require(Rights::FD_WRITE)?;
        host_offset(offset)?;
        self.write_by(buffers, disk, move |fd, bytes| {
            retry_on_intr(|| pwrite(fd, bytes, offset))
        })
        .await
    }

    /// Writes at the end, wherever that is. The system finds it and writes in one step.
    pub(crate) fn append(&self, bytes: &[u8]) -> Result<u32> {
        self.require(Rights::FD_WRITE)?;
        let bytes = [IoSlice::new(bytes)];
        let count = retry_on_intr(|| pwritev2(&self.fd, &bytes, 0, ReadWriteFlags::APPEND))?;
        Ok(count as u32)
    }

    /// Writes in one call of the host, as `write` makes it.
    async fn write_by(
        &self,
        buffers: &impl Source,
        disk: &Disk,
        write: impl FnOnce(BorrowedFd<'_>, &[u8]) -> rustix::io::Result<usize> + Send + 'static,
    ) -> Result<u32> {
        let count = match self.synchronous {
            false => buffers.gather(|bytes| write(self.fd.as_fd(), bytes))??,
            true => {
                let permit = disk.acquire().await;
                let bytes = buffers.gather(<[u8]>::to_vec)?;
                permit.call(self.shared(), move |fd| write(fd, &bytes)).await?
            }
        };
        Ok(count as u32)
    }

    pub(crate) fn seek(&self, offset: i64, whence: Whence) -> Result<u64> {
        host_seek(self.fd.as_fd(), offset, whence)
    }

    /// A regular file is always ready for what it was opened for. Reports how much there is to read.
    pub(crate) fn ready(&self, direction: Direction) -> Result<Readiness> {
        self.require(direction.right())?;
        if direction == Direction::Write {
            return Ok(Readiness {
                bytes: 1,
                hangup: false,
            });
        }
        let position = self.seek(0, Whence::Current).unwrap_or(0);
        let bytes = self.filestat()?.size.saturating_sub(position);
        Ok(Readiness { bytes, hangup: false })
    }

    pub(crate) fn fdstat(&self) -> Result<Fdstat> {
        let host = fcntl_getfl(&self.fd)?;
        let mut flags = FdFlags::empty();
        flags.set(FdFlags::APPEND, host.contains(OFlags::APPEND));
        flags.set(FdFlags::SYNC, host.contains(OFlags::SYNC));
        flags.set(FdFlags::RSYNC, host.contains(OFlags::RSYNC));
        flags.set(FdFlags::DSYNC, host.contains(OFlags::DSYNC));
        flags.set(FdFlags::NONBLOCK, self.nonblock.load(Relaxed));
        Ok(Fdstat {
            filetype: self.filetype,
            flags,
            rights: self.rights,
            inheriting: Rights::empty(),
        })
    }

    /// Appending and non-blocking can be changed, as on every POSIX system; the synchronous modes stay as opened.
    pub(crate) fn set_flags(&self, flags: FdFlags) -> Result<()> {
        let current = self.fdstat()?.flags;
        if !(current | FdFlags::APPEND | FdFlags::NONBLOCK).contains(flags) {
            return Err(Errno::Inval);
        }
        if (flags ^ current).contains(FdFlags::APPEND) {
            if self.inherited {
                return Err(Errno::NotSup);
            }
            let mut host = fcntl_getfl(&self.fd)?;
            host.set(OFlags::APPEND, flags.contains(FdFlags::APPEND));
            fcntl_setfl(&self.fd, host)?;
        }
        self.nonblock.store(flags.contains(FdFlags::NONBLOCK), Relaxed);
        Ok(())
    }

    pub(crate) fn filestat(&self) -> Result<Filestat> {
        Ok(retry_on_intr(|| fstat(&self.fd))?.into())
    }

    pub(crate) fn set_size(&self, size: u64) -> Result<()> {
        self.require(Rights::FD_FILESTAT_SET_SIZE)?;
        host_offset(size)?;
        Ok(retry_on_intr(|| ftruncate(&self.fd, size))?)
    }

    pub(crate) fn set_times(&self, times: &Timestamps) -> Result<()> {
        match self.rights.contains(Rights::FD_FILESTAT_SET_TIMES) {
            true => Ok(retry_on_intr(|| futimens(&self.fd, times))?),
            false => Err(Errno::Perm),
        }
    }

    /// Whether the directory that it was opened through allows changes, however it was opened.
    pub(crate) fn is_changeable(&self) -> bool {
        self.rights.contains(Rights::FD_FILESTAT_SET_TIMES)
    }

    /// The host's open file.
    pub(crate) fn shared(&self) -> Arc<OwnedFd> {
        self.fd.clone()
    }

    pub(crate) async fn allocate(&self, offset: u64, length: u64, disk: &Disk) -> Result<()> {
        self.require(Rights::FD_ALLOCATE)?;
        if length == 0 {
            return Err(Errno::Inval);
        }
        host_offset(offset.checked_add(length).ok_or(Errno::Fbig)?).map_err(|_| Errno::Fbig)?;
        let permit = disk.acquire().await;
        permit
            .call(self.shared(), move |fd| {
                retry_on_intr(|| fallocate(fd, FallocateFlags::empty(), offset, length))
            })
            .await
    }

    pub(crate) fn advise(&self, offset: u64, length: u64, advice: Advice) -> Result<()> {
        host_offset(offset)?;
        host_offset(length)?;
        Ok(fadvise(&self.fd, offset, NonZeroU64::new(length), advice)?)
    }

    /// Without the right, this returns `badf`, as on a POSIX system.
    fn require(&self, right: Rights) -> Result<()> {
        match self.rights.contains(right) {
            true => Ok(()),
            false => Err(Errno::BadF),
        }
    }
}

pub(crate) fn host_seek(fd: BorrowedFd<'_>, offset: i64, whence: Whence) -> Result<u64> {
    let to = match whence {
        Whence::Set => SeekFrom::Start(u64::try_from(offset).map_err(|_| Errno::Inval)?),
        Whence::Current => SeekFrom::Current(offset),
        Whence::End => SeekFrom::End(offset),
    };
    Ok(retry_on_intr(|| seek(fd, to))?)
}

/// The host counts in signed 64-bit numbers.
pub(crate) fn host_offset(offset: u64) -> Result<()> {
    i64::try_from(offset).map(|_| ()).map_err(|_| Errno::Inval)
}
