//! The functions on descriptors.

use super::call::Call;
use crate::base::descriptor::Descriptor;
use crate::base::errno::{Errno, Result};
use crate::base::rights::Rights;
use crate::base::types::{FdFlags, Whence, flags, timestamps};
use crate::preview1::abi::Abi;
use rustix::fs::{Advice, fdatasync, fsync};
use rustix::io::retry_on_intr;

pub(crate) async fn read(call: Call<'_>, fd: u32, buffers: u32, count: u32, answer: u32) -> Result<()> {
    let descriptor = call.descriptor(fd, Rights::FD_READ)?;
    call.check_answer(answer, 4)?;
    let buffers = call.buffers(buffers, count)?;
    let read = descriptor.read(&buffers).await?;
    Ok(call.memory.write_u32(answer.into(), read)?)
}

pub(crate) async fn write(call: Call<'_>, fd: u32, buffers: u32, count: u32, answer: u32) -> Result<()> {
    let descriptor = call.descriptor(fd, Rights::FD_WRITE)?;
    call.check_answer(answer, 4)?;
    let buffers = call.buffers(buffers, count)?;
    let written = descriptor.write(&buffers, &call.ctx.disk).await?;
    Ok(call.memory.write_u32(answer.into(), written)?)
}

pub(crate) fn pread(call: Call<'_>, fd: u32, buffers: u32, count: u32, offset: u64, answer: u32) -> Result<()> {
    let descriptor = call.descriptor(fd, Rights::FD_READ | Rights::FD_SEEK)?;
    call.check_answer(answer, 4)?;
    let buffers = call.buffers(buffers, count)?;
    let read = descriptor.read_at(&buffers, offset)?;
    Ok(call.memory.write_u32(answer.into(), read)?)
}

pub(crate) async fn pwrite(call: Call<'_>, fd: u32, buffers: u32, count: u32, offset: u64, answer: u32) -> Result<()> {
    let descriptor = call.descriptor(fd, Rights::FD_WRITE | Rights::FD_SEEK)?;
    call.check_answer(answer, 4)?;
    let buffers = call.buffers(buffers, count)?;
    let written = descriptor.write_at(&buffers, offset, &call.ctx.disk).await?;
    Ok(call.memory.write_u32(answer.into(), written)?)
}

pub(crate) fn seek(call: Call<'_>, fd: u32, offset: i64, whence: Whence, answer: u32) -> Result<()> {
    call.check_answer(answer, 8)?;
    // To ask where one is, one need not have the right to go elsewhere.
    let needed = match (offset, whence) {
        (0, Whence::Current) => Rights::FD_TELL,
        _ => Rights::FD_SEEK,
    };
    let position = call.descriptor(fd, needed)?.seek(offset, whence)?;
    Ok(call.memory.write_u64(answer.into(), position)?)
}

pub(crate) fn tell(call: Call<'_>, fd: u32, answer: u32) -> Result<()> {
    seek(call, fd, 0, Whence::Current, answer)
}

pub(crate) fn close(call: Call<'_>, fd: u32) -> Result<()> {
    call.ctx.table.close(fd)
}

pub(crate) fn renumber(call: Call<'_>, from: u32, to: u32) -> Result<()> {
    call.ctx.table.renumber(from, to)
}

pub(crate) fn advise(call: Call<'_>, fd: u32, offset: u64, length: u64, advice: u32) -> Result<()> {
    let advice = match advice {
        0 => Advice::Normal,
        1 => Advice::Sequential,
        2 => Advice::Random,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Err(Errno::Inval),
    };
    call.descriptor(fd, Rights::FD_ADVISE)?
        .file()?
        .advise(offset, length, advice)
}

pub(crate) async fn allocate(call: Call<'_>, fd: u32, offset: u64, length: u64) -> Result<()> {
    let open = call.descriptor(fd, Rights::FD_ALLOCATE)?;
    open.file()?.allocate(offset, length, &call.ctx.disk).await
}

pub(crate) async fn sync(call: Call<'_>, fd: u32) -> Result<()> {
    let open = call.descriptor(fd, Rights::FD_SYNC)?;
    let file = open.on_disk()?;
    let permit = call.ctx.disk.acquire().await;
    permit.call(file, |fd| retry_on_intr(|| fsync(fd))).await
}

pub(crate) async fn datasync(call: Call<'_>, fd: u32) -> Result<()> {
    let open = call.descriptor(fd, Rights::FD_DATASYNC)?;
    let file = open.on_disk()?;
    let permit = call.ctx.disk.acquire().await;
    permit.call(file, |fd| retry_on_intr(|| fdatasync(fd))).await
}

pub(crate) fn fdstat_get(call: Call<'_>, fd: u32, answer: u32) -> Result<()> {
    let open = call.ctx.table.get(fd)?;
    let mut fdstat = open.fdstat()?;
    fdstat.rights = open.given_up.left_of(fdstat.rights);
    fdstat.inheriting = open.given_up.left_to_inherit(fdstat.inheriting);
    Ok(call.memory.write(answer.into(), &fdstat.encode())?)
}

pub(crate) fn fdstat_set_flags(call: Call<'_>, fd: u32, bits: u32) -> Result<()> {
    call.descriptor(fd, Rights::FD_FDSTAT_SET_FLAGS)?
        .set_flags(flags::<FdFlags>(bits)?)
}

/// Takes all rights but these from a descriptor. It must have these.
pub(crate) fn fdstat_set_rights(call: Call<'_>, fd: u32, base: u64, inheriting: u64) -> Result<()> {
    let open = call.ctx.table.get(fd)?;
    let all = open.fdstat()?;
    let base = Rights::from_bits(base).ok_or(Errno::NotCapable)?;
    let inheriting = Rights::from_bits(inheriting).ok_or(Errno::NotCapable)?;
    let has = open.given_up.left_of(all.rights);
    let has_to_inherit = open.given_up.left_to_inherit(all.inheriting);
    if !has.contains(base) || !has_to_inherit.contains(inheriting) {
        return Err(Errno::NotCapable);
    }
    open.given_up.add(has - base, has_to_inherit - inheriting);
    Ok(())
}

pub(crate) fn filestat_get(call: Call<'_>, abi: Abi, fd: u32, answer: u32) -> Result<()> {
    call.check_answer(answer, abi.filestat_size())?;
    let filestat = call.descriptor(fd, Rights::FD_FILESTAT_GET)?.filestat()?;
    Ok(abi.write_filestat(call.memory, answer, &filestat)?)
}

pub(crate) fn filestat_set_size(call: Call<'_>, fd: u32, size: u64) -> Result<()> {
    call.descriptor(fd, Rights::FD_FILESTAT_SET_SIZE)?
        .file()
        .map_err(not_seekable_is_invalid)?
        .set_size(size)
}

pub(crate) fn filestat_set_times(call: Call<'_>, fd: u32, accessed: u64, modified: u64, which: u32) -> Result<()> {
    let descriptor = call.descriptor(fd, Rights::FD_FILESTAT_SET_TIMES)?;
    let times = timestamps(accessed, modified, which)?;
    match &**descriptor {
        Descriptor::Directory(directory) => directory.set_times(&times),
        other => other.file().map_err(not_seekable_is_invalid)?.set_times(&times),
    }
}

pub(crate) fn prestat_get(call: Call<'_>, fd: u32, answer: u32) -> Result<()> {
    let descriptor = call.ctx.table.get(fd)?;
    // A C library looks for directories from 3 on until it finds `badf`.
    let name = descriptor
        .directory()
        .ok()
        .and_then(|directory| directory.preopen())
        .ok_or(Errno::BadF)?;
    // A `prestat`: the tag of a directory, which is 0, and the length of its name.
    Ok(call.memory.write_u64(answer.into(), (name.len() as u64) << 32)?)
}

pub(crate) fn prestat_dir_name(call: Call<'_>, fd: u32, address: u32, length: u32) -> Result<()> {
    let descriptor = call.ctx.table.get(fd)?;
    let name = descriptor
        .directory()
        .ok()
        .and_then(|directory| directory.preopen())
        .ok_or(Errno::NotDir)?;
    if name.len() > length as usize {
        return Err(Errno::NameTooLong);
    }
    Ok(call.memory.write(address.into(), name.as_bytes())?)
}

pub(crate) async fn readdir(
    call: Call<'_>,
    fd: u32,
    address: u32,
    length: u32,
    cookie: u64,
    answer: u32,
) -> Result<()> {
    call.check_answer(answer, 4)?;
    let descriptor = call.descriptor(fd, Rights::FD_READDIR)?;
    let written = super::readdir::list(call, descriptor.directory()?, address, length, cookie).await?;
    Ok(call.memory.write_u32(answer.into(), written)?)
}

/// What a stream answers to an operation that only files have, other than seeking.
fn not_seekable_is_invalid(error: Errno) -> Errno {
    match error {
        Errno::Spipe => Errno::Inval,
        other => other,
    }
}
