//! The table of descriptors: closing, renumbering, attributes, and the directories that are there from the start.

use crate::harness::abi::rights::{READ, WRITE};
use crate::harness::abi::{Fdstat, fdflags, filetype, oflags, rights};
use crate::harness::{DIR, Errno, Guest, Open, World};
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

#[test]
fn a_closed_descriptor_is_gone() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, READ).expect("there");
    assert_eq!(world.fd_close(file), Ok(()));
    assert_eq!(world.fd_close(file), Err(Errno::BadF), "twice");
    assert_eq!(world.fd_read(file, 1), Err(Errno::BadF));
    assert_eq!(world.fd_close(99), Err(Errno::BadF));
    assert_eq!(world.fd_close(u32::MAX), Err(Errno::BadF));
}

#[test]
fn everything_can_be_closed() {
    let world = World::new();
    for fd in 0..=DIR {
        assert_eq!(world.fd_close(fd), Ok(()));
        assert_eq!(world.fd_fdstat_get(fd), Err(Errno::BadF));
    }
    assert_eq!(world.open("f", oflags::CREAT, READ), Err(Errno::BadF));
}

/// POSIX's lowest number, which old programs count on; at least less than 2^31, which the definition says.
#[test]
fn a_number_is_used_again() {
    let world = World::new();
    world.file("f", "contents");
    let open = || world.open("f", 0, READ).expect("there");
    let files = [open(), open(), open()];
    assert_eq!(files, [4, 5, 6]);
    world.fd_close(4).expect("open");
    world.fd_close(5).expect("open");
    assert_eq!([open(), open(), open()], [4, 5, 7]);
}

#[test]
fn renumbering_replaces() {
    let world = World::new();
    world.file("one", "1").file("two", "22");
    let one = world.open("one", 0, READ).expect("there");
    let two = world.open("two", 0, READ).expect("there");
    assert_eq!(world.fd_renumber(two, one), Ok(()));
    assert_eq!(world.fd_read(one, 10).as_deref(), Ok(&b"22"[..]));
    assert_eq!(world.fd_read(two, 10), Err(Errno::BadF));
    assert_eq!(world.fd_renumber(one, one), Ok(()), "to itself");
    assert_eq!(
        world.fd_read(one, 10).as_deref(),
        Ok(&b""[..]),
        "and it stays open, where it was"
    );
}

#[test]
fn renumbering_needs_two_open_numbers_and_else_does_nothing() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, READ).expect("there");
    for free in [99, 1 << 31, u32::MAX] {
        assert_eq!(world.fd_renumber(file, free), Err(Errno::BadF));
        assert_eq!(world.fd_renumber(free, file), Err(Errno::BadF));
        assert_eq!(world.fd_renumber(free, free), Err(Errno::BadF));
    }
    assert_eq!(world.fd_read(file, 100).as_deref(), Ok(&b"contents"[..]));
}

/// As a program does that changes its root.
#[test]
fn a_preopened_directory_can_be_replaced() {
    let world = World::new();
    world.dir("d").file("d/f", "below").file("f", "above");
    let directory = world.open_dir("d").expect("there");
    assert_eq!(world.fd_renumber(directory, DIR), Ok(()));
    let file = world.open("f", 0, READ).expect("there");
    assert_eq!(world.fd_read(file, 100).as_deref(), Ok(&b"below"[..]));
    assert_eq!(world.open("../f", 0, READ), Err(Errno::Perm), "the way back is closed");
}

#[test]
fn standard_output_can_be_redirected() {
    let world = World::new();
    let file = world.open("log", oflags::CREAT, WRITE).expect("created");
    world.fd_renumber(file, 1).expect("both open");
    assert_eq!(world.fd_write(1, "line"), Ok(4));
    assert_eq!(world.contents("log"), b"line");
}

#[test]
fn preopened_directories_are_found_from_three_on() {
    let root = tempfile::tempdir().expect("a directory");
    let mut builder = WasiCtxBuilder::new();
    for name in ["/", "a/rather/long/name", "", "ü"] {
        builder
            .preopened_dir(root.path(), name, DirPerms::all(), FilePerms::all())
            .expect("a directory");
    }
    let guest = Guest::new(&mut builder);
    for (fd, name) in [(3, "/"), (4, "a/rather/long/name"), (5, ""), (6, "ü")] {
        let length = guest.fd_prestat_get(fd).expect("preopened");
        assert_eq!(length as usize, name.len());
        assert_eq!(guest.fd_prestat_dir_name(fd, length).as_deref(), Ok(name.as_bytes()));
        let more = guest
            .fd_prestat_dir_name(fd, length + 8)
            .expect("more room than needed");
        assert_eq!(more, [name.as_bytes(), &[0xa5; 8]].concat(), "and no NUL");
        if length > 0 {
            assert_eq!(guest.fd_prestat_dir_name(fd, length - 1), Err(Errno::NameTooLong));
        }
    }
    // Where a C library's search ends.
    assert_eq!(guest.fd_prestat_get(7), Err(Errno::BadF));
    assert_eq!(guest.fd_prestat_dir_name(7, 100), Err(Errno::BadF));
}

#[test]
fn what_was_opened_is_not_preopened() {
    let world = World::new();
    world.file("f", "");
    let directory = world.open_dir(".").expect("there");
    let file = world.open("f", 0, READ).expect("there");
    for fd in [0, file, directory] {
        assert_eq!(world.fd_prestat_get(fd), Err(Errno::BadF));
        let outcome = world.fd_prestat_dir_name(fd, 100);
        assert!(matches!(outcome, Err(Errno::BadF | Errno::NotDir)), "{outcome:?}");
    }
}

#[test]
fn a_directorys_attributes() {
    let world = World::new();
    world.dir("d");
    let directory = world.open_dir("d").expect("there");
    // What the C libraries look for before they open, list and change.
    let needed = rights::PATH_OPEN
        | rights::PATH_CREATE_FILE
        | rights::PATH_CREATE_DIRECTORY
        | rights::FD_READDIR
        | rights::PATH_FILESTAT_GET
        | rights::PATH_UNLINK_FILE;
    for fd in [DIR, directory] {
        let fdstat = world.fd_fdstat_get(fd).expect("open");
        assert_eq!((fdstat.filetype, fdstat.flags), (filetype::DIRECTORY, 0));
        assert_eq!(fdstat.rights & needed, needed);
        assert_eq!(fdstat.inheriting & rights::READ_WRITE, rights::READ_WRITE);
        assert_eq!(fdstat.inheriting & needed, needed);
        assert_eq!(fdstat.rights & (rights::FD_SEEK | rights::SOCK_ACCEPT), 0);
    }
}

#[test]
fn permissions_are_seen_in_the_rights() {
    let world = World::with(DirPerms::READ, FilePerms::READ, |_| ());
    let fdstat = world.fd_fdstat_get(DIR).expect("open");
    let change = rights::PATH_CREATE_FILE
        | rights::PATH_CREATE_DIRECTORY
        | rights::PATH_UNLINK_FILE
        | rights::PATH_REMOVE_DIRECTORY
        | rights::PATH_SYMLINK
        | rights::PATH_FILESTAT_SET_TIMES
        | rights::PATH_RENAME_SOURCE
        | rights::PATH_RENAME_TARGET
        | rights::PATH_LINK_SOURCE
        | rights::PATH_LINK_TARGET;
    assert_eq!(fdstat.rights & change, 0);
    assert_eq!(fdstat.inheriting & (change | rights::FD_WRITE | rights::FD_ALLOCATE), 0);
    let look = rights::PATH_OPEN | rights::FD_READDIR | rights::PATH_READLINK | rights::PATH_FILESTAT_GET;
    assert_eq!(fdstat.rights & look, look);
    assert_eq!(fdstat.inheriting & rights::FD_READ, rights::FD_READ);
}

#[test]
fn a_files_attributes_are_those_it_was_opened_with() {
    let world = World::new();
    world.file("f", "");
    let of_files = rights::READ_WRITE
        | rights::FD_SEEK
        | rights::FD_TELL
        | rights::FD_SYNC
        | rights::FD_ADVISE
        | rights::FD_FILESTAT_GET
        | rights::FD_FDSTAT_SET_FLAGS
        | rights::POLL_FD_READWRITE;
    for (asked, absent) in [
        (rights::ALL, 0),
        (
            READ,
            rights::FD_WRITE | rights::FD_ALLOCATE | rights::FD_FILESTAT_SET_SIZE,
        ),
        (WRITE, rights::FD_READ),
    ] {
        let file = world.open("f", 0, asked).expect("there");
        let Fdstat {
            filetype: kind,
            flags,
            rights: found,
            ..
        } = world.fd_fdstat_get(file).expect("open");
        assert_eq!((kind, flags), (filetype::REGULAR_FILE, 0));
        assert_eq!(found & of_files, of_files & !absent, "asked for {asked:#x}");
        assert_eq!(found & absent, 0, "asked for {asked:#x}");
        assert_eq!(
            found & (rights::PATH_OPEN | rights::FD_READDIR),
            0,
            "not those of directories"
        );
    }
}

#[test]
fn append_and_nonblock_can_be_changed() {
    let world = World::new();
    world.file("f", "");
    let file = world.open("f", 0, rights::ALL).expect("there");
    for flags in [
        fdflags::APPEND,
        fdflags::NONBLOCK,
        fdflags::APPEND | fdflags::NONBLOCK,
        0,
    ] {
        assert_eq!(world.fd_fdstat_set_flags(file, flags), Ok(()));
        assert_eq!(world.fd_fdstat_get(file).map(|fdstat| fdstat.flags), Ok(flags));
    }
    for flags in [
        fdflags::SYNC,
        fdflags::DSYNC,
        fdflags::RSYNC,
        1 << 5,
        1 << 15,
        1 << 16,
        1 << 31,
    ] {
        assert_eq!(world.fd_fdstat_set_flags(file, flags), Err(Errno::Inval), "{flags:#x}");
        assert_eq!(
            world.fd_fdstat_set_flags(file, flags | fdflags::APPEND),
            Err(Errno::Inval),
            "{flags:#x}"
        );
    }
    assert_eq!(
        world.fd_fdstat_get(file).map(|fdstat| fdstat.flags),
        Ok(0),
        "none has changed"
    );
}

#[test]
fn flags_that_were_opened_with_are_told_and_kept() {
    let world = World::new();
    for fdflags in 0..32 {
        let how = Open {
            oflags: oflags::CREAT,
            rights: rights::ALL,
            fdflags,
            ..Open::default()
        };
        let file = world.path_open(DIR, "f", how).expect("created");
        let found = world.fd_fdstat_get(file).expect("open").flags;
        assert_eq!(found & fdflags, fdflags, "{fdflags:#x} are all there");
        let changeable = fdflags::APPEND | fdflags::NONBLOCK;
        assert_eq!(found & changeable, fdflags & changeable);
        assert_eq!(found == 0, fdflags == 0);
        // A C library reads the flags, changes one, and sets them all.
        let changed = found ^ fdflags::APPEND;
        assert_eq!(world.fd_fdstat_set_flags(file, changed), Ok(()), "{found:#x}");
        assert_eq!(world.fd_fdstat_get(file).map(|fdstat| fdstat.flags), Ok(changed));
        world.fd_close(file).expect("open");
    }
}

#[test]
fn attributes_of_what_is_not_open() {
    let world = World::new();
    for fd in [99, u32::MAX] {
        assert_eq!(world.fd_fdstat_get(fd), Err(Errno::BadF));
        assert_eq!(world.fd_fdstat_set_flags(fd, 0), Err(Errno::BadF));
    }
    assert_eq!(world.fd_fdstat_set_flags(DIR, 0), Err(Errno::BadF), "as Wasmtime does");
}
