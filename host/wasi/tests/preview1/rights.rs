//! Rights, as in the interface definition: `fd_fdstat_set_rights` removes some, and operations that need them then
//! return `notcapable`.

use crate::harness::abi::{Errno, fdflags, fstflags, oflags, rights, whence};
use crate::harness::{DIR, Guest, NOFOLLOW, Open, Subscription, World};
use weft_wasi::WasiCtxBuilder;

/// A call that needs one right of the descriptor that it is given.
type Use = fn(&Guest, u32) -> Result<(), Errno>;

/// What a file's rights are for.
const OF_FILES: [(&str, u64, Use); 13] = [
    ("fd_datasync", rights::FD_DATASYNC, |guest, fd| guest.fd_datasync(fd)),
    ("fd_read", rights::FD_READ, |guest, fd| guest.fd_read(fd, 1).map(drop)),
    ("fd_pread", rights::FD_READ, |guest, fd| {
        guest.fd_pread(fd, 1, 0).map(drop)
    }),
    ("fd_seek", rights::FD_SEEK, |guest, fd| {
        guest.fd_seek(fd, 1, whence::SET).map(drop)
    }),
    ("fd_fdstat_set_flags", rights::FD_FDSTAT_SET_FLAGS, |guest, fd| {
        guest.fd_fdstat_set_flags(fd, fdflags::NONBLOCK)
    }),
    ("fd_sync", rights::FD_SYNC, |guest, fd| guest.fd_sync(fd)),
    ("fd_write", rights::FD_WRITE, |guest, fd| {
        guest.fd_write(fd, "x").map(drop)
    }),
    ("fd_pwrite", rights::FD_WRITE, |guest, fd| {
        guest.fd_pwrite(fd, "x", 0).map(drop)
    }),
    ("fd_advise", rights::FD_ADVISE, |guest, fd| guest.fd_advise(fd, 0, 0, 0)),
    ("fd_allocate", rights::FD_ALLOCATE, |guest, fd| {
        guest.fd_allocate(fd, 0, 100)
    }),
    ("fd_filestat_get", rights::FD_FILESTAT_GET, |guest, fd| {
        guest.fd_filestat_get(fd).map(drop)
    }),
    ("fd_filestat_set_size", rights::FD_FILESTAT_SET_SIZE, |guest, fd| {
        guest.fd_filestat_set_size(fd, 100)
    }),
    ("fd_filestat_set_times", rights::FD_FILESTAT_SET_TIMES, |guest, fd| {
        guest.fd_filestat_set_times(fd, 1, 1, fstflags::ATIM | fstflags::MTIM)
    }),
];

/// What a directory's rights are for.
const OF_DIRECTORIES: [(&str, u64, Use); 19] = [
    ("fd_datasync", rights::FD_DATASYNC, |guest, fd| guest.fd_datasync(fd)),
    ("fd_sync", rights::FD_SYNC, |guest, fd| guest.fd_sync(fd)),
    ("path_create_directory", rights::PATH_CREATE_DIRECTORY, |guest, fd| {
        guest.path_create_directory(fd, "new")
    }),
    ("path_open to create", rights::PATH_CREATE_FILE, |guest, fd| {
        open(guest, fd, "new", oflags::CREAT)
    }),
    ("path_link from", rights::PATH_LINK_SOURCE, |guest, fd| {
        guest.path_link(fd, 0, "f", DIR, "new")
    }),
    ("path_link to", rights::PATH_LINK_TARGET, |guest, fd| {
        guest.path_link(DIR, 0, "f", fd, "new")
    }),
    ("path_open", rights::PATH_OPEN, |guest, fd| open(guest, fd, "f", 0)),
    ("fd_readdir", rights::FD_READDIR, |guest, fd| {
        guest.fd_readdir(fd, 100, 0).map(drop)
    }),
    ("path_readlink", rights::PATH_READLINK, |guest, fd| {
        guest.path_readlink(fd, "l", 10).map(drop)
    }),
    ("path_rename from", rights::PATH_RENAME_SOURCE, |guest, fd| {
        guest.path_rename(fd, "f", DIR, "new")
    }),
    ("path_rename to", rights::PATH_RENAME_TARGET, |guest, fd| {
        guest.path_rename(DIR, "f", fd, "new")
    }),
    ("path_filestat_get", rights::PATH_FILESTAT_GET, |guest, fd| {
        guest.path_filestat_get(fd, NOFOLLOW, "f").map(drop)
    }),
    ("path_open to truncate", rights::PATH_FILESTAT_SET_SIZE, |guest, fd| {
        open(guest, fd, "f", oflags::TRUNC)
    }),
    (
        "path_filestat_set_times",
        rights::PATH_FILESTAT_SET_TIMES,
        |guest, fd| guest.path_filestat_set_times(fd, NOFOLLOW, "f", [1, 1], fstflags::ATIM | fstflags::MTIM),
    ),
    ("fd_filestat_get", rights::FD_FILESTAT_GET, |guest, fd| {
        guest.fd_filestat_get(fd).map(drop)
    }),
    ("fd_filestat_set_times", rights::FD_FILESTAT_SET_TIMES, |guest, fd| {
        guest.fd_filestat_set_times(fd, 1, 1, fstflags::ATIM | fstflags::MTIM)
    }),
    ("path_symlink", rights::PATH_SYMLINK, |guest, fd| {
        guest.path_symlink("f", fd, "new")
    }),
    ("path_remove_directory", rights::PATH_REMOVE_DIRECTORY, |guest, fd| {
        guest.path_remove_directory(fd, "d")
    }),
    ("path_unlink_file", rights::PATH_UNLINK_FILE, |guest, fd| {
        guest.path_unlink_file(fd, "f")
    }),
];

fn open(guest: &Guest, fd: u32, path: &str, oflags: u32) -> Result<(), Errno> {
    let how = Open {
        oflags,
        rights: rights::READ_WRITE,
        ..Open::default()
    };
    guest.path_open(fd, path, how).map(drop)
}

/// A world with one of each, in which 4 is the directory itself and 5 its file.
fn world() -> World {
    let world = World::new();
    world.file("f", "contents").dir("d").link("f", "l");
    assert_eq!(world.open_dir("."), Ok(4));
    assert_eq!(world.open("f", 0, rights::ALL), Ok(5));
    world
}

fn without(world: &World, fd: u32, right: u64) -> u64 {
    let fdstat = world.fd_fdstat_get(fd).expect("open");
    assert_eq!(fdstat.rights & right, right, "there to be taken away");
    world
        .fd_fdstat_set_rights(fd, fdstat.rights & !right, fdstat.inheriting)
        .expect("fewer");
    fdstat.rights & !right
}

#[test]
fn a_right_that_was_taken_away_is_missed() {
    for (fd, uses) in [(4, &OF_DIRECTORIES[..]), (5, &OF_FILES[..])] {
        for (name, right, attempt) in uses {
            let world = world();
            let left = without(&world, fd, *right);
            assert_eq!(world.fd_fdstat_get(fd).map(|fdstat| fdstat.rights), Ok(left), "{name}");
            assert_eq!(attempt(&world, fd), Err(Errno::NotCapable), "{name} without its right");
            assert_eq!(world.contents("f"), b"contents", "{name}");
            assert!(!world.host("new").exists(), "{name}");
        }
    }
}

#[test]
fn the_other_rights_are_enough() {
    for (fd, uses) in [(4, &OF_DIRECTORIES[..]), (5, &OF_FILES[..])] {
        for (name, right, attempt) in uses {
            let world = world();
            // To open for reading and writing asks for these.
            let needed = match *right {
                rights::PATH_CREATE_FILE | rights::PATH_FILESTAT_SET_SIZE => right | rights::PATH_OPEN,
                rights::FD_READ | rights::FD_WRITE => right | rights::FD_SEEK,
                _ => *right,
            };
            let fdstat = world.fd_fdstat_get(fd).expect("open");
            world
                .fd_fdstat_set_rights(fd, fdstat.rights & needed, fdstat.inheriting)
                .expect("fewer");
            assert_eq!(attempt(&world, fd), Ok(()), "{name} with nothing but its right");
        }
    }
}

/// "This can only be used to remove rights, and returns `errno::notcapable` if called in a way that would attempt to add
/// rights."
#[test]
fn rights_do_not_come_back() {
    let world = world();
    for fd in [4, 5] {
        let before = world.fd_fdstat_get(fd).expect("open");
        assert_eq!(
            world.fd_fdstat_set_rights(fd, before.rights, before.inheriting),
            Ok(()),
            "the same"
        );
        assert_eq!(world.fd_fdstat_get(fd), Ok(before));
        let left = without(&world, fd, rights::FD_FILESTAT_GET);
        for (base, inheriting) in [
            (before.rights, before.inheriting),
            (left | rights::SOCK_ACCEPT, before.inheriting),
            (left, rights::ALL),
        ] {
            let more = world.fd_fdstat_set_rights(fd, base, inheriting);
            assert_eq!(more, Err(Errno::NotCapable));
        }
        assert_eq!(world.fd_fdstat_get(fd).map(|fdstat| fdstat.rights), Ok(left));
        assert_eq!(world.fd_fdstat_set_rights(fd, 0, 0), Ok(()), "all");
        assert_eq!(world.fd_filestat_get(fd), Err(Errno::NotCapable));
    }
    assert_eq!(world.fd_fdstat_set_rights(99, 0, 0), Err(Errno::BadF));
}

/// What a directory's descriptors may at most is what it passes on.
#[test]
fn rights_are_passed_on_to_what_is_opened() {
    let world = world();
    let fdstat = world.fd_fdstat_get(4).expect("open");
    world
        .fd_fdstat_set_rights(
            4,
            fdstat.rights,
            fdstat.inheriting & !rights::FD_WRITE & !rights::PATH_UNLINK_FILE,
        )
        .expect("fewer");
    let how = Open {
        rights: rights::FD_READ | rights::FD_WRITE,
        ..Open::default()
    };
    assert_eq!(world.path_open(4, "f", how), Err(Errno::NotCapable));
    let reading = Open {
        rights: rights::FD_READ,
        ..Open::default()
    };
    let file = world.path_open(4, "f", reading).expect("may be read");
    assert_eq!(world.fd_read(file, 100).as_deref(), Ok(&b"contents"[..]));
    let below = Open {
        oflags: oflags::DIRECTORY,
        rights: rights::PATH_OPEN | rights::FD_READDIR,
        inheriting: fdstat.inheriting & !rights::FD_WRITE & !rights::PATH_UNLINK_FILE,
        ..Open::default()
    };
    let directory = world.path_open(4, "d", below).expect("there");
    world.file("d/g", "");
    let found = world.fd_fdstat_get(directory).expect("open");
    assert_eq!(
        found.inheriting & rights::FD_WRITE,
        0,
        "nor by way of another directory"
    );
    assert_eq!(world.path_open(directory, "g", how), Err(Errno::NotCapable));
    assert_eq!(world.path_unlink_file(directory, "g"), Err(Errno::NotCapable));
}

/// "This flag implies `rights::fd_tell`": to learn the position takes less than to move it.
#[test]
fn telling_needs_less_than_seeking() {
    let world = world();
    without(&world, 5, rights::FD_SEEK);
    assert_eq!(world.fd_tell(5), Ok(0));
    assert_eq!(world.fd_seek(5, 0, whence::CUR), Ok(0));
    assert_eq!(world.fd_seek(5, 1, whence::CUR), Err(Errno::NotCapable));
    let pread = world.fd_pread(5, 1, 0);
    assert_eq!(pread, Err(Errno::NotCapable), "`fd_pread` needs both");
    without(&world, 5, rights::FD_TELL);
    assert_eq!(world.fd_tell(5), Err(Errno::NotCapable));
}

#[test]
fn waiting_needs_a_right() {
    let world = world();
    let poll = || world.poll_oneoff(&[(1, Subscription::Read(5)), (2, Subscription::Write(5))]);
    assert!(poll().expect("ready").iter().all(|event| event.outcome == Ok(())));
    without(&world, 5, rights::FD_WRITE);
    let events = poll().expect("events");
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].outcome, Ok(()));
    assert_eq!(events[1].outcome, Err(Errno::NotCapable));
    without(&world, 5, rights::POLL_FD_READWRITE);
    let events = poll().expect("events");
    assert!(events.iter().all(|event| event.outcome == Err(Errno::NotCapable)));
}

/// A right is taken from one descriptor, not from the file.
#[test]
fn another_descriptor_keeps_its_rights() {
    let world = world();
    let other = world.open("f", 0, rights::ALL).expect("there");
    without(&world, 5, rights::FD_WRITE);
    assert_eq!(world.fd_write(other, "C"), Ok(1));
    world.fd_renumber(5, other).expect("both open");
    assert_eq!(
        world.fd_write(other, "C"),
        Err(Errno::NotCapable),
        "and it goes where the descriptor goes"
    );
}

#[test]
fn standard_streams_give_up_rights_too() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    guest.fd_fdstat_set_rights(1, 0, 0).expect("fewer");
    assert_eq!(guest.fd_write(1, "x"), Err(Errno::NotCapable));
    assert_eq!(guest.fd_write(2, "x"), Ok(1));
}

/// A file gets no name where it could be used for more.
#[test]
fn a_link_or_a_new_name_brings_no_right_back() {
    let world = world();
    let whole = world.fd_fdstat_get(4).expect("open");
    world
        .fd_fdstat_set_rights(4, whole.rights, whole.inheriting & !rights::FD_WRITE)
        .expect("fewer");
    assert_eq!(world.path_link(4, NOFOLLOW, "f", DIR, "new"), Err(Errno::NotCapable));
    assert_eq!(world.path_rename(4, "f", DIR, "new"), Err(Errno::NotCapable));
    assert_eq!(world.path_link(4, NOFOLLOW, "f", 4, "new"), Ok(()));
    assert_eq!(
        world.path_rename(DIR, "f", 4, "newer"),
        Ok(()),
        "to where less may be done"
    );
}
