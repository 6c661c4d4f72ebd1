//! Operations on a path below a directory.

use super::descriptor::{Answer, Node, answer, times};
use super::types::{DescriptorFlags, DescriptorStat, ErrorCode, MetadataHash, NewTimestamp, OpenFlags, PathFlags};
use crate::base::errno::{Errno, Result as HostResult};
use crate::base::open::OpenMode;
use crate::base::rights::Rights;
use crate::base::types::{FdFlags, LookupFlags, OFlags};
use crate::preview2::call::Call;
use weft_parallel::Resource;

/// The longest path that a program may name, in bytes: Linux's `PATH_MAX`.
const MAX_PATH: usize = 4096;

type Fd = Resource<Node>;

/// Checks whether a path can be passed to the host.
fn check(path: &str) -> HostResult<()> {
    match path.len() {
        0 => Err(Errno::NoEnt),
        length if length > MAX_PATH => Err(Errno::NameTooLong),
        _ if path.contains('\0') => Err(Errno::Inval),
        _ => Ok(()),
    }
}

fn lookup(flags: PathFlags) -> LookupFlags {
    match flags.contains(PathFlags::SYMLINK_FOLLOW) {
        true => LookupFlags::SYMLINK_FOLLOW,
        false => LookupFlags::empty(),
    }
}

pub(crate) fn open_at(
    call: Call<'_>,
    fd: Fd,
    path_flags: PathFlags,
    path: String,
    open_flags: OpenFlags,
    flags: DescriptorFlags,
) -> Answer<Fd> {
    let node = call.get(&fd)?;
    let open = || {
        check(&path)?;
        let synchronous = DescriptorFlags::FILE_INTEGRITY_SYNC
            | DescriptorFlags::DATA_INTEGRITY_SYNC
            | DescriptorFlags::REQUESTED_WRITE_SYNC;
        if flags.intersects(synchronous) {
            return Err(Errno::NotSup);
        }
        let mode = open_mode(path_flags, open_flags, flags);
        let mut needed = Rights::PATH_OPEN;
        needed.set(Rights::PATH_CREATE_FILE, open_flags.contains(OpenFlags::CREATE));
        needed.set(Rights::PATH_FILESTAT_SET_SIZE, open_flags.contains(OpenFlags::TRUNCATE));
        let directory = node.directory(needed)?;
        let given_up = node.0.given_up.inherit(mode.rights)?;
        let open = || Ok(directory.open(&path, mode)?.into());
        call.ctx.table.open_unnumbered(given_up, open)
    };
    match open() {
        Ok(open) => call.push(Node(open)).map(Ok),
        Err(error) => answer(Err(error)),
    }
}

/// As in Wasmtime, a file that is created or truncated is writable, and a file that is not opened for writing is readable.
fn open_mode(path_flags: PathFlags, open_flags: OpenFlags, flags: DescriptorFlags) -> OpenMode {
    let mut rights = Rights::empty();
    rights.set(
        Rights::FD_READ,
        flags.contains(DescriptorFlags::READ) || !flags.contains(DescriptorFlags::WRITE),
    );
    rights.set(
        Rights::FD_WRITE,
        flags.contains(DescriptorFlags::WRITE)
            || open_flags.contains(OpenFlags::CREATE)
            || open_flags.contains(OpenFlags::TRUNCATE),
    );
    let mut open = OFlags::empty();
    open.set(OFlags::CREAT, open_flags.contains(OpenFlags::CREATE));
    open.set(OFlags::DIRECTORY, open_flags.contains(OpenFlags::DIRECTORY));
    open.set(OFlags::EXCL, open_flags.contains(OpenFlags::EXCLUSIVE));
    open.set(OFlags::TRUNC, open_flags.contains(OpenFlags::TRUNCATE));
    OpenMode {
        lookup: lookup(path_flags),
        open,
        rights,
        flags: FdFlags::empty(),
    }
}

pub(crate) fn create_directory_at(call: Call<'_>, fd: Fd, path: String) -> Answer<()> {
    let node = call.get(&fd)?;
    answer(check(&path).and_then(|()| node.directory(Rights::PATH_CREATE_DIRECTORY)?.create_directory(&path)))
}

pub(crate) fn remove_directory_at(call: Call<'_>, fd: Fd, path: String) -> Answer<()> {
    let node = call.get(&fd)?;
    answer(check(&path).and_then(|()| node.directory(Rights::PATH_REMOVE_DIRECTORY)?.remove_directory(&path)))
}

pub(crate) fn unlink_file_at(call: Call<'_>, fd: Fd, path: String) -> Answer<()> {
    let node = call.get(&fd)?;
    answer(check(&path).and_then(|()| node.directory(Rights::PATH_UNLINK_FILE)?.unlink_file(&path)))
}

pub(crate) fn stat_at(call: Call<'_>, fd: Fd, flags: PathFlags, path: String) -> Answer<DescriptorStat> {
    let node = call.get(&fd)?;
    let stat = || {
        check(&path)?;
        node.directory(Rights::PATH_FILESTAT_GET)?
            .filestat_at(lookup(flags), &path)
    };
    answer(stat().map(DescriptorStat::from))
}

pub(crate) fn metadata_hash_at(call: Call<'_>, fd: Fd, flags: PathFlags, path: String) -> Answer<MetadataHash> {
    let node = call.get(&fd)?;
    let stat = || {
        check(&path)?;
        node.directory(Rights::PATH_FILESTAT_GET)?
            .filestat_at(lookup(flags), &path)
    };
    answer(stat().map(|stat| MetadataHash::of(&stat)))
}

pub(crate) fn set_times_at(
    call: Call<'_>,
    fd: Fd,
    flags: PathFlags,
    path: String,
    accessed: NewTimestamp,
    modified: NewTimestamp,
) -> Answer<()> {
    let node = call.get(&fd)?;
    let set = || {
        check(&path)?;
        let directory = node.directory(Rights::PATH_FILESTAT_SET_TIMES)?;
        directory.set_times_at(lookup(flags), &path, &times(accessed, modified)?)
    };
    answer(set())
}

/// Hard links do not follow symbolic links: POSIX leaves that open, and following one could lead out of the sandbox.
pub(crate) fn link_at(call: Call<'_>, fd: Fd, flags: PathFlags, path: String, to: Fd, to_path: String) -> Answer<()> {
    let (from, to) = (call.get(&fd)?, call.get(&to)?);
    let link = || {
        let from_directory = from.directory(Rights::PATH_LINK_SOURCE)?;
        let to_directory = to.directory(Rights::PATH_LINK_TARGET)?;
        if flags.contains(PathFlags::SYMLINK_FOLLOW) {
            return Err(Errno::Inval);
        }
        check(&path)?;
        check(&to_path)?;
        to.0.given_up.require_all_of(&from.0.given_up)?;
        from_directory.link(&path, to_directory, &to_path)
    };
    answer(link())
}

pub(crate) fn rename_at(call: Call<'_>, fd: Fd, path: String, to: Fd, to_path: String) -> Answer<()> {
    let (from, to) = (call.get(&fd)?, call.get(&to)?);
    let rename = || {
        let from_directory = from.directory(Rights::PATH_RENAME_SOURCE)?;
        let to_directory = to.directory(Rights::PATH_RENAME_TARGET)?;
        check(&path)?;
        check(&to_path)?;
        to.0.given_up.require_all_of(&from.0.given_up)?;
        from_directory.rename(&path, to_directory, &to_path)
    };
    answer(rename())
}

pub(crate) fn symlink_at(call: Call<'_>, fd: Fd, target: String, path: String) -> Answer<()> {
    let node = call.get(&fd)?;
    let link = || {
        check(&target)?;
        check(&path)?;
        node.directory(Rights::PATH_SYMLINK)?.symlink(&target, &path)
    };
    answer(link())
}

pub(crate) fn readlink_at(call: Call<'_>, fd: Fd, path: String) -> Answer<String> {
    let node = call.get(&fd)?;
    let target = check(&path).and_then(|()| node.directory(Rights::PATH_READLINK)?.read_link(&path));
    let target = target.map_err(ErrorCode::from);
    Ok(target.and_then(|target| target.into_string().map_err(|_| ErrorCode::IllegalByteSequence)))
}
