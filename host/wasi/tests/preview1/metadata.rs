//! The metadata of files, and how to set it: size, times, allocation, advice, and syncing to disk.

use crate::harness::abi::rights::READ;
use crate::harness::abi::{Filestat, filetype, fstflags, rights};
use crate::harness::{DIR, Errno, FOLLOW, Guest, NOFOLLOW, World};
use rustix::fs::{CWD, Mode, mkfifoat};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

const SECOND: u64 = 1_000_000_000;
/// A time that no file has by chance.
const THEN: u64 = 1_234_567_890 * SECOND + 123_456_789;

/// What the host knows.
fn of_host(path: impl AsRef<Path>, filetype: u8) -> Filestat {
    let metadata = std::fs::symlink_metadata(path).expect("there");
    let time = |seconds: i64, nanoseconds: i64| (seconds * SECOND as i64 + nanoseconds) as u64;
    Filestat {
        dev: metadata.dev(),
        ino: metadata.ino(),
        filetype,
        nlink: metadata.nlink(),
        size: metadata.size(),
        atim: time(metadata.atime(), metadata.atime_nsec()),
        mtim: time(metadata.mtime(), metadata.mtime_nsec()),
        ctim: time(metadata.ctime(), metadata.ctime_nsec()),
    }
}

#[test]
fn a_filestat_is_what_the_host_knows() {
    let world = World::new();
    world.file("f", "contents").dir("d").link("f", "l");
    std::fs::hard_link(world.host("f"), world.host("same")).expect("a link");
    let file = world.open("f", 0, READ).expect("there");
    let expected = of_host(world.host("f"), filetype::REGULAR_FILE);
    assert_eq!((expected.nlink, expected.size), (2, 8));
    assert_eq!(world.fd_filestat_get(file), Ok(expected));
    for (lookup, path) in [(FOLLOW, "f"), (NOFOLLOW, "f"), (FOLLOW, "same"), (FOLLOW, "l")] {
        assert_eq!(world.path_filestat_get(DIR, lookup, path), Ok(expected), "{path}");
    }
    let link = of_host(world.host("l"), filetype::SYMBOLIC_LINK);
    assert_eq!(world.path_filestat_get(DIR, NOFOLLOW, "l"), Ok(link));
    assert_eq!(link.size, 1, "the length of the target");
    let directory = of_host(world.host("d"), filetype::DIRECTORY);
    assert_eq!(world.path_filestat_get(DIR, NOFOLLOW, "d"), Ok(directory));
    let opened = world.open_dir("d").expect("there");
    assert_eq!(world.fd_filestat_get(opened), Ok(directory));
    assert_eq!(world.path_filestat_get(opened, NOFOLLOW, "."), Ok(directory));
    assert_eq!(
        world.fd_filestat_get(DIR),
        Ok(of_host(world.host(""), filetype::DIRECTORY))
    );
}

#[test]
fn a_filestat_of_nothing_is_an_error() {
    let world = World::new();
    world.file("f", "").link("absent", "dangling");
    assert_eq!(world.path_filestat_get(DIR, FOLLOW, "absent"), Err(Errno::NoEnt));
    assert_eq!(world.path_filestat_get(DIR, FOLLOW, "dangling"), Err(Errno::NoEnt));
    assert_eq!(world.path_filestat_get(DIR, FOLLOW, "f/x"), Err(Errno::NotDir));
    assert_eq!(
        world.path_filestat_get(DIR, 1 << 1, "f"),
        Err(Errno::Inval),
        "an unknown flag"
    );
    let file = world.open("f", 0, READ).expect("there");
    assert_eq!(world.path_filestat_get(file, FOLLOW, "f"), Err(Errno::NotDir));
    assert_eq!(world.path_filestat_get(0, FOLLOW, "f"), Err(Errno::BadF));
    assert_eq!(world.path_filestat_get(99, FOLLOW, "f"), Err(Errno::BadF));
    assert_eq!(world.fd_filestat_get(99), Err(Errno::BadF));
}

#[test]
fn a_size_is_set_both_ways() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, rights::ALL).expect("there");
    for (size, expected) in [(3, &b"con"[..]), (3, b"con"), (6, b"con\0\0\0"), (0, b"")] {
        assert_eq!(world.fd_filestat_set_size(file, size), Ok(()));
        assert_eq!(world.contents("f"), expected);
    }
    assert_eq!(world.fd_tell(file), Ok(0), "the position stays");
}

#[test]
fn a_size_that_cannot_be_is_refused() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, rights::ALL).expect("there");
    for size in [1 << 63, u64::MAX] {
        let outcome = world.fd_filestat_set_size(file, size);
        assert!(matches!(outcome, Err(Errno::Inval | Errno::Fbig)), "{outcome:?}");
    }
    let reader = world.open("f", 0, READ).expect("there");
    let outcome = world.fd_filestat_set_size(reader, 0);
    assert!(
        matches!(outcome, Err(Errno::BadF | Errno::Inval)),
        "as `ftruncate`: {outcome:?}"
    );
    assert_eq!(world.fd_filestat_set_size(DIR, 0), Err(Errno::BadF));
    assert_eq!(
        world.fd_filestat_set_size(1, 0),
        Err(Errno::Inval),
        "a stream, as `ftruncate`"
    );
    assert_eq!(world.fd_filestat_set_size(99, 0), Err(Errno::BadF));
    assert_eq!(world.contents("f"), b"contents");
}

/// Every combination of the flags, on a descriptor and on a path.
#[test]
fn times_are_set_as_the_flags_say() {
    let world = World::new();
    world.file("f", "contents").dir("d");
    let file = world.open("f", 0, rights::ALL).expect("there");
    let directory = world.open_dir("d").expect("there");
    type Set<'a> = &'a dyn Fn([u64; 2], u32) -> Result<(), Errno>;
    let ways: [(&str, Set<'_>); 4] = [
        ("f", &|[a, m], which| world.fd_filestat_set_times(file, a, m, which)),
        ("d", &|[a, m], which| {
            world.fd_filestat_set_times(directory, a, m, which)
        }),
        ("f", &|times, which| {
            world.path_filestat_set_times(DIR, FOLLOW, "f", times, which)
        }),
        ("d", &|times, which| {
            world.path_filestat_set_times(DIR, NOFOLLOW, "d", times, which)
        }),
    ];
    for (way, (path, set)) in ways.into_iter().enumerate() {
        for which in 0..16 {
            let before = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .expect("after 1970")
                .as_secs();
            set([THEN, THEN + 1], fstflags::ATIM | fstflags::MTIM).expect("allowed");
            let outcome = set([2 * SECOND + 5, 3 * SECOND + 7], which);
            let stat = world.path_filestat_get(DIR, NOFOLLOW, path).expect("there");
            let check = |time, set, now, then, given| match (which & set != 0, which & now != 0) {
                (false, false) => assert_eq!(time, then, "way {way}, flags {which:#x}: unchanged"),
                (true, false) => assert_eq!(time, given, "way {way}, flags {which:#x}: given"),
                (false, true) => assert!(time / SECOND + 1 >= before, "way {way}, flags {which:#x}: now"),
                (true, true) => unreachable!("refused"),
            };
            let both = |set, now| which & set != 0 && which & now != 0;
            if both(fstflags::ATIM, fstflags::ATIM_NOW) || both(fstflags::MTIM, fstflags::MTIM_NOW) {
                assert_eq!(outcome, Err(Errno::Inval), "way {way}, flags {which:#x}");
                assert_eq!((stat.atim, stat.mtim), (THEN, THEN + 1));
                continue;
            }
            assert_eq!(outcome, Ok(()), "way {way}, flags {which:#x}");
            check(stat.atim, fstflags::ATIM, fstflags::ATIM_NOW, THEN, 2 * SECOND + 5);
            check(stat.mtim, fstflags::MTIM, fstflags::MTIM_NOW, THEN + 1, 3 * SECOND + 7);
        }
        for which in [1 << 4, 1 << 16, 1 << 31] {
            assert_eq!(set([0, 0], which), Err(Errno::Inval), "unknown flags {which:#x}");
        }
    }
}

#[test]
fn times_of_a_link_and_of_its_target_are_two() {
    let world = World::new();
    world.file("f", "").link("f", "l").link("absent", "dangling");
    let set = |lookup, path, time| world.path_filestat_set_times(DIR, lookup, path, [time, time], 5);
    let times = |lookup, path| {
        let stat = world.path_filestat_get(DIR, lookup, path).expect("there");
        (stat.atim, stat.mtim)
    };
    set(FOLLOW, "l", THEN).expect("allowed");
    set(NOFOLLOW, "l", SECOND).expect("allowed");
    assert_eq!(times(NOFOLLOW, "f"), (THEN, THEN));
    assert_eq!(times(NOFOLLOW, "l").1, SECOND);
    assert_eq!(set(FOLLOW, "dangling", THEN), Err(Errno::NoEnt));
    set(NOFOLLOW, "dangling", THEN).expect("a link is there");
    assert_eq!(times(NOFOLLOW, "dangling").1, THEN);
    assert_eq!(set(FOLLOW, "absent", THEN), Err(Errno::NoEnt));
    assert_eq!(set(FOLLOW, "f/x", THEN), Err(Errno::NotDir));
}

#[test]
fn times_are_not_for_everything() {
    let world = World::new();
    world.file("f", "");
    let file = world.open("f", 0, READ).expect("there");
    assert_eq!(world.fd_filestat_set_times(99, 0, 0, 0), Err(Errno::BadF));
    assert_eq!(world.path_filestat_set_times(99, 0, "f", [0, 0], 0), Err(Errno::BadF));
    assert_eq!(
        world.path_filestat_set_times(file, 0, "f", [0, 0], 0),
        Err(Errno::NotDir)
    );
    assert_eq!(
        world.path_filestat_set_times(DIR, 1 << 1, "f", [0, 0], 0),
        Err(Errno::Inval)
    );
}

#[test]
fn room_is_made_and_never_taken() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, rights::ALL).expect("there");
    assert_eq!(world.fd_allocate(file, 0, 4), Ok(()));
    assert_eq!(world.contents("f"), b"contents", "it does not shrink");
    assert_eq!(world.fd_allocate(file, 6, 4), Ok(()));
    assert_eq!(world.contents("f"), b"contents\0\0", "the contents stay");
    assert_eq!(world.fd_allocate(file, 100_000, 1), Ok(()));
    let stat = world.fd_filestat_get(file).expect("open");
    assert_eq!(stat.size, 100_001);
}

/// As `posix_fallocate`.
#[test]
fn room_that_cannot_be_is_refused() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, rights::ALL).expect("there");
    assert_eq!(world.fd_allocate(file, 0, 0), Err(Errno::Inval), "no length");
    for (offset, length) in [
        (u64::MAX, 1),
        (1, u64::MAX),
        (u64::MAX, u64::MAX),
        (i64::MAX as u64, 1),
        (1, i64::MAX as u64),
    ] {
        let outcome = world.fd_allocate(file, offset, length);
        assert!(matches!(outcome, Err(Errno::Fbig | Errno::Inval)), "{outcome:?}");
    }
    let reader = world.open("f", 0, READ).expect("there");
    assert_eq!(world.fd_allocate(reader, 0, 100), Err(Errno::BadF), "not open to write");
    assert_eq!(world.fd_allocate(DIR, 0, 100), Err(Errno::BadF));
    assert_eq!(world.fd_allocate(1, 0, 100), Err(Errno::Spipe));
    assert_eq!(world.fd_allocate(99, 0, 100), Err(Errno::BadF));
    assert_eq!(world.contents("f"), b"contents");
}

#[test]
fn advice_changes_nothing() {
    let world = World::new();
    world.file("f", "contents");
    for rights in [READ, rights::ALL] {
        let file = world.open("f", 0, rights).expect("there");
        for advice in 0..=5 {
            for (offset, length) in [(0, 0), (2, 3), (100, 0), (0, i64::MAX as u64)] {
                assert_eq!(world.fd_advise(file, offset, length, advice), Ok(()), "advice {advice}");
            }
        }
        for advice in [6, 256, u32::MAX] {
            assert_eq!(
                world.fd_advise(file, 0, 0, advice),
                Err(Errno::Inval),
                "advice {advice}"
            );
        }
        assert_eq!(world.fd_read(file, 100).as_deref(), Ok(&b"contents"[..]));
    }
}

/// As `posix_fadvise`.
#[test]
fn advice_is_for_files() {
    let world = World::new();
    world.file("f", "contents");
    let file = world.open("f", 0, READ).expect("there");
    assert_eq!(
        world.fd_advise(file, u64::MAX, 0, 0),
        Err(Errno::Inval),
        "a negative offset"
    );
    assert_eq!(
        world.fd_advise(file, 0, u64::MAX, 0),
        Err(Errno::Inval),
        "a negative length"
    );
    assert_eq!(world.fd_advise(DIR, 0, 0, 0), Err(Errno::BadF));
    assert_eq!(world.fd_advise(0, 0, 0, 0), Err(Errno::Spipe));
    assert_eq!(world.fd_advise(99, 0, 0, 0), Err(Errno::BadF));
}

#[test]
fn files_and_directories_reach_the_disk() {
    let world = World::new();
    world.file("f", "contents");
    let writer = world.open("f", 0, rights::ALL).expect("there");
    let reader = world.open("f", 0, READ).expect("there");
    for fd in [writer, reader, DIR] {
        assert_eq!(world.fd_sync(fd), Ok(()));
        assert_eq!(world.fd_datasync(fd), Ok(()));
    }
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for fd in 0..3 {
        assert_eq!(guest.fd_sync(fd), Err(Errno::Inval), "as `fsync` of a pipe");
        assert_eq!(guest.fd_datasync(fd), Err(Errno::Inval));
    }
    assert_eq!(guest.fd_sync(3), Err(Errno::BadF));
    assert_eq!(guest.fd_datasync(3), Err(Errno::BadF));
}

/// Whatever it is, its times are set without its being opened: a pipe without a writer would wait for one.
#[test]
fn times_of_everything_can_be_set() {
    let world = World::new();
    world
        .file("f", "")
        .dir("d")
        .link("f", "l")
        .link("d", "to-d")
        .link("pipe", "to-pipe");
    mkfifoat(CWD, world.host("pipe"), Mode::RWXU).expect("a pipe");
    std::fs::set_permissions(world.host("f"), std::fs::Permissions::from_mode(0o400)).expect("a file");
    let both = fstflags::ATIM | fstflags::MTIM;
    for (path, lookup) in [
        ("f", FOLLOW),
        ("d", FOLLOW),
        ("d/", NOFOLLOW),
        ("pipe", FOLLOW),
        ("pipe", NOFOLLOW),
        ("l", NOFOLLOW),
        ("l", FOLLOW),
        ("to-d/", NOFOLLOW),
        ("to-pipe", FOLLOW),
        ("to-pipe", NOFOLLOW),
    ] {
        let times = [1_000_000_007, 2_000_000_009];
        world
            .path_filestat_set_times(DIR, lookup, path, times, both)
            .unwrap_or_else(|error| panic!("{path}: {error:?}"));
        let stat = world.path_filestat_get(DIR, lookup, path).expect("there");
        assert_eq!([stat.atim, stat.mtim], times, "{path}");
        let untouched = [0, 0];
        world
            .path_filestat_set_times(DIR, lookup, path, untouched, 0)
            .expect("there");
        let stat = world.path_filestat_get(DIR, lookup, path).expect("there");
        assert_eq!([stat.atim, stat.mtim], times, "{path}");
    }
}

/// POSIX asks who owns the file, and not how it is open.
#[test]
fn times_of_a_file_that_is_open_for_reading_can_be_set() {
    let world = World::new();
    world.file("f", "");
    let file = world.open("f", 0, READ).expect("there");
    let both = fstflags::ATIM | fstflags::MTIM;
    assert_eq!(world.fd_filestat_set_times(file, 5, 6, both), Ok(()));
    let stat = world.fd_filestat_get(file).expect("open");
    assert_eq!((stat.atim, stat.mtim), (5, 6));
    let world = World::with(DirPerms::all(), FilePerms::READ, |_| ());
    world.file("f", "");
    let file = world.open("f", 0, READ).expect("there");
    assert_eq!(world.fd_filestat_set_times(file, 5, 6, both), Err(Errno::Perm));
}
