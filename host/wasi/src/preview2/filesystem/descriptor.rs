//! The resource `descriptor`: operations on an open file or directory itself.

use super::types::{Advice, DescriptorFlags, DescriptorStat, DescriptorType, ErrorCode, MetadataHash, NewTimestamp};
use crate::base::descriptor::Descriptor;
use crate::base::dir::Directory;
use crate::base::errno::{Errno, Result as HostResult};
use crate::base::file::File;
use crate::base::rights::Rights;
use crate::base::table::Open;
use crate::preview2::call::Call;
use crate::preview2::io::input::MOST;
use crate::preview2::io::{InputStream, IoError, OutputStream};
use rustix::fs::{Timestamps, fdatasync, fsync};
use rustix::io::retry_on_intr;
use std::sync::Arc;
use weft_parallel::Resource;

/// The resource `descriptor`. Streams of the file keep it open when the program drops this.
pub(crate) struct Node(pub(crate) Arc<Open>);

/// The result of a function of the interface.
pub(crate) type Answer<R> = wasmtime::Result<Result<R, ErrorCode>>;

type Fd = Resource<Node>;

pub(crate) fn answer<R>(outcome: HostResult<R>) -> Answer<R> {
    Ok(outcome.map_err(ErrorCode::from))
}

impl Node {
    /// The file or directory, for an operation that needs these rights.
    pub(crate) fn require(&self, needed: Rights) -> HostResult<&Arc<Open>> {
        self.0.given_up.require(needed)?;
        Ok(&self.0)
    }

    /// The directory, for an operation on a path that needs these rights.
    pub(crate) fn directory(&self, needed: Rights) -> HostResult<&Directory> {
        match self.require(needed)?.directory() {
            Err(Errno::BadF) => Err(Errno::NotDir),
            outcome => outcome,
        }
    }

    /// The file, which must not be a directory, for an operation that needs these rights and changes it.
    fn changeable(&self, needed: Rights) -> HostResult<&Arc<Open>> {
        let open = self.require(needed)?;
        match &***open {
            Descriptor::Directory(_) => Err(Errno::BadF),
            Descriptor::File(file) if !file.is_changeable() => Err(Errno::Perm),
            Descriptor::File(_)
            | Descriptor::Null
            | Descriptor::Input(_)
            | Descriptor::Output(_)
            | Descriptor::Stream(_)
            | Descriptor::Listener(_) => Ok(open),
        }
    }
}

pub(crate) fn get_directories(call: Call<'_>) -> wasmtime::Result<Vec<(Fd, String)>> {
    let mut directories = Vec::new();
    for open in call.ctx.table.numbered() {
        let name = open.directory().ok().and_then(Directory::preopen).map(str::to_owned);
        if let Some(name) = name {
            directories.push((call.push(Node(open))?, name));
        }
    }
    Ok(directories)
}

pub(crate) fn read_via_stream(call: Call<'_>, fd: Fd, offset: u64) -> Answer<Resource<InputStream>> {
    let node = call.get(&fd)?;
    let open = match node.require(Rights::FD_READ) {
        Ok(open) => Arc::clone(open),
        Err(error) => return answer(Err(error)),
    };
    let stream = match &**open {
        Descriptor::Directory(_) => return answer(Err(Errno::IsDir)),
        Descriptor::File(_) => InputStream::of_file(open, offset),
        Descriptor::Null
        | Descriptor::Input(_)
        | Descriptor::Output(_)
        | Descriptor::Stream(_)
        | Descriptor::Listener(_) => InputStream::of(open),
    };
    call.push(stream).map(Ok)
}

pub(crate) fn write_via_stream(call: Call<'_>, fd: Fd, offset: u64) -> Answer<Resource<OutputStream>> {
    output(call, fd, |file| OutputStream::of_file(file, offset))
}

pub(crate) fn append_via_stream(call: Call<'_>, fd: Fd) -> Answer<Resource<OutputStream>> {
    output(call, fd, OutputStream::at_end_of)
}

fn output(call: Call<'_>, fd: Fd, of_file: impl FnOnce(Arc<Open>) -> OutputStream) -> Answer<Resource<OutputStream>> {
    let node = call.get(&fd)?;
    let open = match node.changeable(Rights::FD_WRITE) {
        Ok(open) => Arc::clone(open),
        Err(error) => return answer(Err(error)),
    };
    let stream = match &**open {
        Descriptor::File(_) => of_file(open),
        Descriptor::Null
        | Descriptor::Input(_)
        | Descriptor::Output(_)
        | Descriptor::Stream(_)
        | Descriptor::Listener(_)
        | Descriptor::Directory(_) => OutputStream::of(open),
    };
    call.push(stream).map(Ok)
}

pub(crate) fn read(call: Call<'_>, fd: Fd, length: u64, offset: u64) -> Answer<(Vec<u8>, bool)> {
    let node = call.get(&fd)?;
    let most = MOST.min(call.ctx.limits.transfer);
    let room = usize::try_from(length).map_or(most, |length| length.min(most));
    let read = || {
        let _charge = call.charge(room)?;
        match &***node.require(Rights::FD_READ)? {
            Descriptor::Directory(_) => Err(Errno::BadF),
            other => other.read_list_at(room, offset),
        }
    };
    answer(read().map(|bytes| {
        let at_end = bytes.is_empty();
        (bytes, at_end)
    }))
}

pub(crate) async fn write(call: Call<'_>, fd: Fd, bytes: Vec<u8>, offset: u64) -> Answer<u64> {
    let node = call.get(&fd)?;
    let write = async {
        let _charge = call.charge(bytes.len())?;
        let open = node.changeable(Rights::FD_WRITE)?;
        open.write_at(&bytes.as_slice(), offset, &call.ctx.disk).await
    };
    answer(write.await.map(u64::from))
}

pub(crate) fn advise(call: Call<'_>, fd: Fd, offset: u64, length: u64, advice: Advice) -> Answer<()> {
    let node = call.get(&fd)?;
    let file = node.require(Rights::FD_ADVISE).and_then(|open| open.file());
    answer(file.and_then(|file| file.advise(offset, length, advice.into())))
}

pub(crate) async fn sync(call: Call<'_>, fd: Fd) -> Answer<()> {
    let node = call.get(&fd)?;
    let sync = async {
        let file = node.require(Rights::FD_SYNC)?.on_disk()?;
        let permit = call.ctx.disk.acquire().await;
        permit.call(file, |fd| retry_on_intr(|| fsync(fd))).await
    };
    answer(sync.await)
}

pub(crate) async fn sync_data(call: Call<'_>, fd: Fd) -> Answer<()> {
    let node = call.get(&fd)?;
    let sync = async {
        let file = node.require(Rights::FD_DATASYNC)?.on_disk()?;
        let permit = call.ctx.disk.acquire().await;
        permit.call(file, |fd| retry_on_intr(|| fdatasync(fd))).await
    };
    answer(sync.await)
}

pub(crate) fn get_flags(call: Call<'_>, fd: Fd) -> Answer<DescriptorFlags> {
    let node = call.get(&fd)?;
    let flag = |set: bool, flag| if set { flag } else { DescriptorFlags::empty() };
    if let Descriptor::Directory(directory) = &**node.0 {
        // As in Wasmtime, whatever is opened through a directory is opened for reading.
        let mutate = directory.preopen().is_some() && directory.is_changeable();
        return answer(Ok(
            DescriptorFlags::READ | flag(mutate, DescriptorFlags::MUTATE_DIRECTORY)
        ));
    }
    answer(node.0.fdstat().map(|fdstat| {
        flag(fdstat.rights.contains(Rights::FD_READ), DescriptorFlags::READ)
            | flag(fdstat.rights.contains(Rights::FD_WRITE), DescriptorFlags::WRITE)
    }))
}

pub(crate) fn get_type(call: Call<'_>, fd: Fd) -> Answer<DescriptorType> {
    answer(call.get(&fd)?.0.filestat().map(|stat| stat.filetype.into()))
}

/// If the file is not open for writing, the system returns `EINVAL` instead of `EBADF`.
pub(crate) fn set_size(call: Call<'_>, fd: Fd, size: u64) -> Answer<()> {
    let node = call.get(&fd)?;
    let open = node.changeable(Rights::FD_FILESTAT_SET_SIZE);
    answer(open.and_then(|open| {
        let file: &File = open.file().map_err(|_| Errno::Inval)?;
        match file.set_size(size) {
            Err(Errno::BadF) => Err(Errno::Inval),
            outcome => outcome,
        }
    }))
}

pub(crate) fn set_times(call: Call<'_>, fd: Fd, accessed: NewTimestamp, modified: NewTimestamp) -> Answer<()> {
    let node = call.get(&fd)?;
    let open = node.require(Rights::FD_FILESTAT_SET_TIMES);
    answer(open.and_then(|open| {
        let times = times(accessed, modified)?;
        match &***open {
            Descriptor::Directory(directory) => directory.set_times(&times),
            other => other.file().map_err(|_| Errno::Inval)?.set_times(&times),
        }
    }))
}

pub(crate) fn times(accessed: NewTimestamp, modified: NewTimestamp) -> HostResult<Timestamps> {
    Ok(Timestamps {
        last_access: accessed.for_host()?,
        last_modification: modified.for_host()?,
    })
}

pub(crate) fn stat(call: Call<'_>, fd: Fd) -> Answer<DescriptorStat> {
    answer(call.get(&fd)?.0.filestat().map(DescriptorStat::from))
}

pub(crate) fn is_same_object(call: Call<'_>, fd: Fd, other: Fd) -> wasmtime::Result<bool> {
    let identity = |fd: &Fd| -> wasmtime::Result<HostResult<(u64, u64)>> {
        let stat = call.get(fd)?.0.filestat();
        Ok(stat.map(|stat| (stat.device, stat.inode)))
    };
    let (one, other) = (identity(&fd)?, identity(&other)?);
    Ok(one.is_ok() && one == other)
}

pub(crate) fn metadata_hash(call: Call<'_>, fd: Fd) -> Answer<MetadataHash> {
    answer(call.get(&fd)?.0.filestat().map(|stat| MetadataHash::of(&stat)))
}

pub(crate) fn filesystem_error_code(call: Call<'_>, error: Resource<IoError>) -> wasmtime::Result<Option<ErrorCode>> {
    Ok(Some(call.get(&error)?.0.into()))
}
