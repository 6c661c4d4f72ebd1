//! The functions on paths below a directory.

use super::call::Call;
use crate::base::errno::{Errno, Result};
use crate::base::open::OpenMode;
use crate::base::rights::Rights;
use crate::base::types::{FdFlags, LookupFlags, OFlags, flags, timestamps};
use crate::preview1::abi::Abi;
use std::os::unix::ffi::OsStrExt;

pub(crate) fn create_directory(call: Call<'_>, fd: u32, path: u32, length: u32) -> Result<()> {
    let path = call.path(path, length)?;
    call.descriptor(fd, Rights::PATH_CREATE_DIRECTORY)?
        .directory()?
        .create_directory(&path)
}

pub(crate) fn remove_directory(call: Call<'_>, fd: u32, path: u32, length: u32) -> Result<()> {
    let path = call.path(path, length)?;
    call.descriptor(fd, Rights::PATH_REMOVE_DIRECTORY)?
        .directory()?
        .remove_directory(&path)
}

pub(crate) fn unlink_file(call: Call<'_>, fd: u32, path: u32, length: u32) -> Result<()> {
    let path = call.path(path, length)?;
    call.descriptor(fd, Rights::PATH_UNLINK_FILE)?
        .directory()?
        .unlink_file(&path)
}

pub(crate) fn filestat_get(
    call: Call<'_>,
    abi: Abi,
    fd: u32,
    lookup: u32,
    path: u32,
    length: u32,
    answer: u32,
) -> Result<()> {
    call.check_answer(answer, abi.filestat_size())?;
    let path = call.path(path, length)?;
    let directory = call.descriptor(fd, Rights::PATH_FILESTAT_GET)?;
    let filestat = directory.directory()?.filestat_at(flags(lookup)?, &path)?;
    Ok(abi.write_filestat(call.memory, answer, &filestat)?)
}

#[expect(clippy::too_many_arguments, reason = "the ABI's parameters")]
pub(crate) fn filestat_set_times(
    call: Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    length: u32,
    accessed: u64,
    modified: u64,
    which: u32,
) -> Result<()> {
    let path = call.path(path, length)?;
    let times = timestamps(accessed, modified, which)?;
    let directory = call.descriptor(fd, Rights::PATH_FILESTAT_SET_TIMES)?;
    directory.directory()?.set_times_at(flags(lookup)?, &path, &times)
}

/// A link to what a symbolic link names is refused: POSIX leaves it open, and resolving it would be a way out.
#[expect(clippy::too_many_arguments, reason = "the ABI's parameters")]
pub(crate) fn link(
    call: Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    length: u32,
    to: u32,
    to_path: u32,
    to_length: u32,
) -> Result<()> {
    if flags::<LookupFlags>(lookup)?.contains(LookupFlags::SYMLINK_FOLLOW) {
        return Err(Errno::Inval);
    }
    let path = call.path(path, length)?;
    let to_path = call.path(to_path, to_length)?;
    let from = call.descriptor(fd, Rights::PATH_LINK_SOURCE)?;
    let to = call.descriptor(to, Rights::PATH_LINK_TARGET)?;
    to.given_up.require_all_of(&from.given_up)?;
    from.directory()?.link(&path, to.directory()?, &to_path)
}

#[expect(clippy::too_many_arguments, reason = "the ABI's parameters")]
pub(crate) fn open(
    call: Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    length: u32,
    open: u32,
    base: u64,
    _inheriting: u64,
    fd_flags: u32,
    answer: u32,
) -> Result<()> {
    call.check_answer(answer, 4)?;
    let path = call.path(path, length)?;
    let mode = OpenMode {
        lookup: flags(lookup)?,
        open: flags::<OFlags>(open)?,
        // Old programs ask for every right that they know, so those that are not known do no harm.
        rights: Rights::from_bits_truncate(base),
        flags: flags::<FdFlags>(fd_flags)?,
    };
    let mut needed = Rights::PATH_OPEN;
    needed.set(Rights::PATH_CREATE_FILE, mode.open.contains(OFlags::CREAT));
    needed.set(Rights::PATH_FILESTAT_SET_SIZE, mode.open.contains(OFlags::TRUNC));
    let directory = call.descriptor(fd, needed)?;
    let given_up = directory.given_up.inherit(mode.rights)?;
    let number = call.ctx.table.reserve()?;
    let opened = directory.directory()?.open(&path, mode)?;
    let number = number.fill(opened.into(), given_up);
    Ok(call.memory.write_u32(answer.into(), number)?)
}

/// A target that does not fit is cut off, as POSIX says.
pub(crate) fn readlink(
    call: Call<'_>,
    fd: u32,
    path: u32,
    length: u32,
    address: u32,
    room: u32,
    answer: u32,
) -> Result<()> {
    call.check_answer(answer, 4)?;
    let path = call.path(path, length)?;
    let target = call
        .descriptor(fd, Rights::PATH_READLINK)?
        .directory()?
        .read_link(&path)?;
    let bytes = target.as_bytes();
    let bytes = bytes.get(..room as usize).unwrap_or(bytes);
    call.memory.write(address.into(), bytes)?;
    Ok(call.memory.write_u32(answer.into(), bytes.len() as u32)?)
}

pub(crate) fn rename(
    call: Call<'_>,
    fd: u32,
    path: u32,
    length: u32,
    to: u32,
    to_path: u32,
    to_length: u32,
) -> Result<()> {
    let path = call.path(path, length)?;
    let to_path = call.path(to_path, to_length)?;
    let from = call.descriptor(fd, Rights::PATH_RENAME_SOURCE)?;
    let to = call.descriptor(to, Rights::PATH_RENAME_TARGET)?;
    to.given_up.require_all_of(&from.given_up)?;
    from.directory()?.rename(&path, to.directory()?, &to_path)
}

pub(crate) fn symlink(call: Call<'_>, target: u32, target_length: u32, fd: u32, path: u32, length: u32) -> Result<()> {
    let target = call.path(target, target_length)?;
    let path = call.path(path, length)?;
    call.descriptor(fd, Rights::PATH_SYMLINK)?
        .directory()?
        .symlink(&target, &path)
}
