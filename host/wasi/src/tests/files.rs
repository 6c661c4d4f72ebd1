//! Regular files and directories below a preopened one.

use super::{Frame, Guest};
use crate::ctx::WasiCtxBuilder;
use crate::errno::{Errno, Result};
use crate::perms::{DirPerms, FilePerms};
use crate::preview1::{fd, path};
use crate::rights::Rights;
use crate::types::{FdFlags, Filetype, OFlags, Whence, field_of};
use std::collections::BTreeSet;
use std::fs;

const READ_WRITE: Rights = Rights::FD_READ.union(Rights::FD_WRITE);

fn seek(frame: Frame<'_>, fd: u32, offset: i64, whence: Whence) -> Result<u64> {
    fd::seek(frame.call, fd, offset, whence, frame.answer())?;
    Ok(frame.call.memory.read_u64(frame.answer().into()).expect("in bounds"))
}

#[test]
fn a_file_is_written_sought_and_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let guest = Guest::with_dir(dir.path());
    let frame = guest.frame(0);
    let file = frame.open(3, "f", OFlags::CREAT, READ_WRITE).expect("created");
    assert_eq!(file, 4);
    assert_eq!(frame.write(file, b"hello world"), Ok(11));
    assert_eq!(seek(frame, file, 0, Whence::Current), Ok(11));
    assert_eq!(seek(frame, file, -5, Whence::End), Ok(6));
    assert_eq!(frame.read(file, 100), Ok(b"world".to_vec()));
    assert_eq!(frame.read(file, 100), Ok(Vec::new()));
    assert_eq!(frame.pread(file, 4, 1), Ok(b"ello".to_vec()));
    assert_eq!(seek(frame, file, -1, Whence::Set), Err(Errno::Inval));
    assert_eq!(seek(frame, file, i64::MIN, Whence::Current), Err(Errno::Inval));
    let iovec = frame.iovec(2);
    fd::pwrite(frame.call, file, iovec, 1, 100, frame.answer()).expect("written");
    assert_eq!(fd::filestat_get(frame.call, file).map(|stat| stat.size), Ok(102));
    assert_eq!(
        fd::pwrite(frame.call, file, iovec, 1, u64::MAX, frame.answer()),
        Err(Errno::Inval)
    );
    fd::filestat_set_size(frame.call, file, 3).expect("cut");
    assert_eq!(fs::read(dir.path().join("f")).expect("a file"), b"hel");
    fd::allocate(frame.call, file, 0, 50).expect("room");
    assert_eq!(fd::filestat_get(frame.call, file).map(|stat| stat.size), Ok(50));
    assert_eq!(fd::allocate(frame.call, file, u64::MAX, 2), Err(Errno::Fbig));
    async_io::block_on(fd::sync(frame.call, file)).expect("a file");
    async_io::block_on(fd::datasync(frame.call, file)).expect("a file");
    fd::advise(frame.call, file, 0, 0, 1).expect("a file");
    assert_eq!(fd::advise(frame.call, file, 0, 0, 6), Err(Errno::Inval));
    fd::close(frame.call, file).expect("open");
    assert_eq!(frame.read(file, 1), Err(Errno::BadF));
}

#[test]
fn opening_follows_its_flags() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("f"), "contents").expect("a file");
    fs::create_dir(dir.path().join("d")).expect("a directory");
    let guest = Guest::with_dir(dir.path());
    let frame = guest.frame(0);
    let excl = OFlags::CREAT | OFlags::EXCL;
    let read = Rights::FD_READ;
    assert_eq!(frame.open(3, "f", excl, READ_WRITE), Err(Errno::Exist));
    assert_eq!(frame.open(3, "absent", OFlags::empty(), read), Err(Errno::NoEnt));
    assert_eq!(frame.open(3, "f", OFlags::DIRECTORY, read), Err(Errno::NotDir));
    assert_eq!(
        frame.open(3, "d", OFlags::DIRECTORY | OFlags::CREAT, read),
        Err(Errno::Inval)
    );
    assert_eq!(frame.open(3, "d", OFlags::empty(), READ_WRITE), Err(Errno::IsDir));
    assert_eq!(frame.open(4, "f", OFlags::empty(), read), Err(Errno::BadF));
    let only_read = frame.open(3, "f", OFlags::empty(), read).expect("there");
    assert_eq!(frame.write(only_read, b"x"), Err(Errno::BadF));
    let only_write = frame.open(3, "f", OFlags::empty(), Rights::FD_WRITE).expect("there");
    assert_eq!(frame.read(only_write, 1), Err(Errno::BadF));
    let below = frame
        .open(3, "d", OFlags::DIRECTORY, Rights::all())
        .expect("all rights are those of a directory");
    let nested = frame.open(below, "nested", excl, READ_WRITE).expect("created");
    assert!(dir.path().join("d/nested").exists());
    assert_eq!(frame.open(nested, "x", OFlags::empty(), read), Err(Errno::NotDir));
    assert_eq!(frame.read(below, 1), Err(Errno::BadF));
    frame.open(3, "f", OFlags::TRUNC, Rights::FD_WRITE).expect("there");
    assert_eq!(fs::read(dir.path().join("f")).expect("a file"), b"");
}

#[test]
fn appending_is_at_the_end_and_can_be_switched() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("log"), "one").expect("a file");
    let guest = Guest::with_dir(dir.path());
    let frame = guest.frame(0);
    let append = u32::from(FdFlags::APPEND.bits());
    let log = frame
        .open_with(3, 1, "log", OFlags::empty(), READ_WRITE, append)
        .expect("there");
    frame.write(log, b" two").expect("written");
    seek(frame, log, 0, Whence::Set).expect("a file");
    frame.write(log, b" three").expect("written");
    assert_eq!(fs::read(dir.path().join("log")).expect("a file"), b"one two three");
    fd::fdstat_get(frame.call, log, frame.answer()).expect("in bounds");
    assert_eq!(frame.bytes(frame.answer() + 2, 2), FdFlags::APPEND.bits().to_le_bytes());
    fd::fdstat_set_flags(frame.call, log, 0).expect("a file");
    seek(frame, log, 0, Whence::Set).expect("a file");
    frame.write(log, b"ONE").expect("written");
    assert_eq!(fs::read(dir.path().join("log")).expect("a file"), b"ONE two three");
    assert_eq!(
        fd::fdstat_set_flags(frame.call, log, FdFlags::DSYNC.bits().into()),
        Err(Errno::Inval)
    );
    assert_eq!(
        fd::fdstat_set_flags(frame.call, log, 1 << 5),
        Err(Errno::Inval),
        "an unknown flag"
    );
}

#[test]
fn a_fifo_does_not_block_the_one_who_opens_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let host = dir.path().join("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &host, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).expect("a fifo");
    let guest = Guest::with_dir(dir.path());
    let frame = guest.frame(0);
    let fifo = frame
        .open(3, "fifo", OFlags::empty(), Rights::FD_READ)
        .expect("opened at once");
    assert_eq!(
        fd::filestat_get(frame.call, fifo).map(|stat| stat.filetype),
        Ok(Filetype::Unknown)
    );
    assert_eq!(seek(frame, fifo, 0, Whence::Set), Err(Errno::Spipe));
    assert_eq!(
        frame.open(3, "fifo", OFlags::empty(), Rights::FD_WRITE).map(|_| ()),
        Ok(())
    );
}

#[test]
fn paths_are_made_linked_moved_and_removed() {
    let dir = tempfile::tempdir().expect("a directory");
    let guest = Guest::with_dir(dir.path());
    let frame = guest.frame(0);
    let call = frame.call;
    let at = |path: &str| frame.path(path);
    let other = |path: &str| frame.path_at(1024, path);
    let (d, length) = at("d");
    path::create_directory(call, 3, d, length).expect("created");
    assert_eq!(path::create_directory(call, 3, d, length), Err(Errno::Exist));
    fs::write(dir.path().join("d/f"), "contents").expect("a file");
    assert_eq!(path::remove_directory(call, 3, d, length), Err(Errno::NotEmpty));
    assert_eq!(path::unlink_file(call, 3, d, length), Err(Errno::IsDir));
    let (from, from_length) = at("d/f");
    let (to, to_length) = other("g");
    path::link(call, 3, 0, from, from_length, 3, to, to_length).expect("linked");
    assert_eq!(
        path::filestat_get(call, 3, 1, to, to_length).map(|stat| stat.links),
        Ok(2)
    );
    assert_eq!(
        path::link(call, 3, 1, from, from_length, 3, to, to_length),
        Err(Errno::Inval)
    );
    path::unlink_file(call, 3, from, from_length).expect("removed");
    path::rename(call, 3, to, to_length, 3, from, from_length).expect("moved");
    assert_eq!(fs::read(dir.path().join("d/f")).expect("a file"), b"contents");
    let (link, link_length) = other("link");
    path::symlink(call, from, from_length, 3, link, link_length).expect("linked");
    let kind = |lookup| path::filestat_get(call, 3, lookup, link, link_length).map(|stat| stat.filetype);
    assert_eq!(kind(0), Ok(Filetype::SymbolicLink));
    assert_eq!(kind(1), Ok(Filetype::RegularFile));
    path::readlink(call, 3, link, link_length, frame.buffer(), 2, frame.answer()).expect("a link");
    assert_eq!(frame.bytes(frame.buffer(), frame.answered()), b"d/", "cut off");
    assert_eq!(
        frame.open_with(3, 0, "link", OFlags::empty(), Rights::FD_READ, 0),
        Err(Errno::Loop)
    );
    let (link, link_length) = other("link");
    path::filestat_set_times(call, 3, 1, link, link_length, 5_000_000_007, 0, 1).expect("allowed");
    assert_eq!(
        path::filestat_get(call, 3, 1, link, link_length).map(|stat| stat.accessed),
        Ok(5_000_000_007)
    );
    assert_eq!(
        path::filestat_set_times(call, 3, 1, link, link_length, 0, 0, 3),
        Err(Errno::Inval)
    );
    let (absent, length) = at("absent");
    assert_eq!(path::remove_directory(call, 3, absent, length), Err(Errno::NoEnt));
}

#[test]
fn permissions_hold_below_the_directory() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("f"), "contents").expect("a file");
    fs::create_dir(dir.path().join("d")).expect("a directory");
    let mut builder = WasiCtxBuilder::new();
    builder
        .preopened_dir(dir.path(), "/read", DirPerms::READ, FilePerms::READ)
        .expect("a directory");
    builder
        .preopened_dir(dir.path(), "/all", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    builder
        .preopened_dir(dir.path(), "/move", DirPerms::all(), FilePerms::READ)
        .expect("a directory");
    let guest = Guest::new(&mut builder);
    let frame = guest.frame(0);
    let below = frame.open(3, "d", OFlags::DIRECTORY, Rights::FD_READ).expect("there");
    for fd in [3, below] {
        assert_eq!(frame.open(fd, "new", OFlags::CREAT, READ_WRITE), Err(Errno::Perm));
        let (path, length) = frame.path("new");
        assert_eq!(path::create_directory(frame.call, fd, path, length), Err(Errno::Perm));
        assert_eq!(
            path::symlink(frame.call, path, length, fd, path, length),
            Err(Errno::Perm)
        );
    }
    let (f, length) = frame.path("f");
    assert_eq!(path::unlink_file(frame.call, 3, f, length), Err(Errno::Perm));
    assert_eq!(
        path::filestat_set_times(frame.call, 3, 0, f, length, 0, 0, 8),
        Err(Errno::Perm)
    );
    let (to, to_length) = frame.path_at(1024, "stolen");
    assert_eq!(
        path::rename(frame.call, 3, f, length, 4, to, to_length),
        Err(Errno::Perm)
    );
    assert_eq!(
        path::link(frame.call, 5, 0, f, length, 4, to, to_length),
        Err(Errno::Perm),
        "would become writable"
    );
    path::link(frame.call, 4, 0, f, length, 5, to, to_length).expect("loses only permissions");
    assert_eq!(frame.open(3, "f", OFlags::empty(), READ_WRITE), Err(Errno::Perm));
    assert_eq!(frame.open(3, "f", OFlags::TRUNC, Rights::FD_READ), Err(Errno::Perm));
    assert_eq!(fs::read(dir.path().join("f")).expect("a file"), b"contents");
    fd::fdstat_get(frame.call, 3, frame.answer()).expect("in bounds");
    let fdstat = frame.bytes(frame.answer(), 24);
    let rights = Rights::from_bits_retain(u64::from_le_bytes(field_of(&fdstat, 8)));
    assert!(rights.contains(Rights::PATH_OPEN | Rights::FD_READDIR) && !rights.contains(Rights::PATH_UNLINK_FILE));
    let inheriting = Rights::from_bits_retain(u64::from_le_bytes(field_of(&fdstat, 16)));
    assert!(inheriting.contains(Rights::FD_READ) && !inheriting.contains(Rights::FD_WRITE));
}

#[test]
fn preopened_directories_are_found() {
    let dir = tempfile::tempdir().expect("a directory");
    let guest = Guest::with_dir(dir.path());
    let frame = guest.frame(0);
    fd::prestat_get(frame.call, 3, frame.answer()).expect("preopened");
    assert_eq!(frame.bytes(frame.answer(), 8), [0, 0, 0, 0, 4, 0, 0, 0]);
    assert_eq!(
        fd::prestat_dir_name(frame.call, 3, frame.buffer(), 3),
        Err(Errno::NameTooLong)
    );
    fd::prestat_dir_name(frame.call, 3, frame.buffer(), 4).expect("room");
    assert_eq!(frame.bytes(frame.buffer(), 4), b"/dir");
    for fd in [0, 4] {
        assert_eq!(fd::prestat_get(frame.call, fd, frame.answer()), Err(Errno::BadF));
    }
    let own = frame.open(3, ".", OFlags::DIRECTORY, Rights::FD_READ).expect("there");
    assert_eq!(
        fd::prestat_get(frame.call, own, frame.answer()),
        Err(Errno::BadF),
        "opened, not preopened"
    );
}

/// Lists as C libraries do: entries that are cut off are asked for again.
fn list(frame: Frame<'_>, fd: u32, room: u32) -> Vec<(String, u64)> {
    let mut names = Vec::new();
    let mut cookie = 0;
    loop {
        fd::readdir(frame.call, fd, frame.buffer(), room, cookie, frame.answer()).expect("a directory");
        let used = frame.answered();
        let records = frame.bytes(frame.buffer(), used);
        let mut rest = &records[..];
        while rest.len() >= 24 {
            let length = u32::from_le_bytes(field_of(rest, 16)) as usize;
            let Some(name) = rest.get(24..24 + length) else { break };
            names.push((
                String::from_utf8_lossy(name).into_owned(),
                u64::from_le_bytes(field_of(rest, 8)),
            ));
            cookie = u64::from_le_bytes(field_of(rest, 0));
            rest = &rest[24 + length..];
        }
        if used < room {
            return names;
        }
    }
}

#[test]
fn every_entry_is_listed_once_whatever_the_buffer() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut expected = BTreeSet::from([".".to_owned(), "..".to_owned()]);
    for number in 0..400 {
        let name = format!("file-{number}-{}", "x".repeat(number % 30));
        fs::write(dir.path().join(&name), "").expect("a file");
        expected.insert(name);
    }
    let guest = Guest::with_dir(dir.path());
    let frame = guest.frame(0);
    let own = fd::filestat_get(frame.call, 3).expect("a directory").inode;
    for room in [64, 100, 1000, 27_000] {
        let names = list(frame, 3, room);
        assert_eq!(names.len(), expected.len(), "a buffer of {room} bytes");
        assert!(
            names
                .iter()
                .filter(|(name, _)| name == "..")
                .all(|(_, inode)| *inode == own),
            "nothing from above"
        );
        assert_eq!(
            names.into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>(),
            expected
        );
    }
    fd::readdir(frame.call, 3, frame.buffer(), 0, 0, frame.answer()).expect("an empty buffer");
    assert_eq!(
        fd::readdir(frame.call, 3, frame.buffer(), 64, u64::MAX, frame.answer()),
        Err(Errno::Inval)
    );
    assert_eq!(
        fd::readdir(frame.call, 0, frame.buffer(), 64, 0, frame.answer()),
        Err(Errno::BadF)
    );
}

#[test]
fn the_older_filestat_and_subscription_lie_as_it_says() {
    let dir = tempfile::tempdir().expect("a directory");
    let guest = Guest::with_dir(dir.path());
    let stat = fd::filestat_get(guest.frame(0).call, 3).expect("a directory");
    let (new, old) = (stat.encode(), crate::unstable::encode(&stat));
    assert_eq!(old[..17], new[..17]);
    assert_eq!(u64::from(u32::from_le_bytes(field_of(&old, 20))), stat.links);
    assert_eq!(old[24..56], new[32..64], "size and times");
}
