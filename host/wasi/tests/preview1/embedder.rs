//! What an embedder sets: clocks, random numbers and limits.

use crate::harness::abi::{clock, oflags, rights};
use crate::harness::{Errno, Guest, NOFOLLOW, Subscription, World};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use weft_wasi::{DirPerms, FilePerms, HostMonotonicClock, HostRandom, HostWallClock, Limits, WasiCtxBuilder};

struct Stopped(Duration);

impl HostWallClock for Stopped {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        self.0
    }
}

/// A clock that goes on by a millisecond whenever it is asked.
#[derive(Clone, Default)]
struct Steps(Arc<AtomicU64>);

impl HostMonotonicClock for Steps {
    fn resolution(&self) -> u64 {
        1_000_000
    }

    fn now(&self) -> u64 {
        self.0.fetch_add(1_000_000, Relaxed)
    }
}

struct Sevens;

impl HostRandom for Sevens {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        assert!(bytes.len() <= 4096);
        bytes.fill(7);
        Ok(())
    }
}

struct Exhausted;

impl HostRandom for Exhausted {
    fn fill(&self, _: &mut [u8]) -> io::Result<()> {
        Err(io::Error::other("no more"))
    }
}

#[test]
fn clocks_of_the_embedders_own() {
    let mut builder = WasiCtxBuilder::new();
    builder
        .wall_clock(Stopped(Duration::new(1_000_000_007, 5)))
        .monotonic_clock(Steps::default());
    let guest = Guest::new(&mut builder);
    for _ in 0..2 {
        assert_eq!(guest.clock_time_get(clock::REALTIME, 0), Ok(1_000_000_007_000_000_005));
    }
    assert_eq!(guest.clock_res_get(clock::REALTIME), Ok(1_000_000_000));
    assert_eq!(guest.clock_time_get(clock::MONOTONIC, 0), Ok(0));
    assert_eq!(guest.clock_time_get(clock::MONOTONIC, 0), Ok(1_000_000));
    assert_eq!(guest.clock_res_get(clock::MONOTONIC), Ok(1_000_000));
}

#[test]
fn a_time_beyond_64_bits_of_nanoseconds_overflows() {
    let guest = Guest::new(WasiCtxBuilder::new().wall_clock(Stopped(Duration::from_secs(1 << 40))));
    assert_eq!(guest.clock_time_get(clock::REALTIME, 0), Err(Errno::Overflow));
}

/// A wait is over when the embedder's clock says so: here after some questions, and long before an hour.
#[test]
fn waiting_goes_by_the_embedders_clock() {
    let steps = Steps::default();
    let guest = Guest::new(WasiCtxBuilder::new().monotonic_clock(steps.clone()));
    let millisecond = Subscription::Clock {
        id: clock::MONOTONIC,
        timeout: 1_000_000,
        flags: 0,
    };
    let events = guest.poll_oneoff(&[(5, millisecond)]).expect("it is over");
    assert_eq!((events.len(), events[0].userdata), (1, 5));
    steps.0.store(3_600_000_000_000, Relaxed);
    let at_one = Subscription::Clock {
        id: clock::MONOTONIC,
        timeout: 3_600_000_000_000,
        flags: 1,
    };
    assert_eq!(guest.poll_oneoff(&[(6, at_one)]).expect("it is over").len(), 1);
}

#[test]
fn an_absolute_time_of_day_is_the_embedders() {
    let guest = Guest::new(WasiCtxBuilder::new().wall_clock(Stopped(Duration::from_secs(50))));
    let at = |seconds: u64| Subscription::Clock {
        id: clock::REALTIME,
        timeout: seconds * 1_000_000_000,
        flags: 1,
    };
    let events = guest
        .poll_oneoff(&[(1, at(51)), (2, at(50)), (3, at(49))])
        .expect("two are over");
    let over: Vec<u64> = events.iter().map(|event| event.userdata).collect();
    assert_eq!(over, [2, 3]);
}

#[test]
fn random_numbers_of_the_embedders_own() {
    let guest = Guest::new(WasiCtxBuilder::new().random(Sevens));
    for length in [0, 1, 4096, 4097, 600_000] {
        assert_eq!(guest.random_get(length), Ok(vec![7; length as usize]));
    }
    let guest = Guest::new(WasiCtxBuilder::new().random(Exhausted));
    assert_eq!(guest.random_get(1), Err(Errno::Io));
}

#[test]
fn open_descriptors_are_limited() {
    let mut limits = Limits::default();
    limits.descriptors = 6;
    let world = World::with(DirPerms::all(), FilePerms::all(), |builder| {
        builder.limits(limits);
    });
    let open = |path: &str| world.open(path, oflags::CREAT, rights::FD_READ);
    assert_eq!((open("a"), open("b")), (Ok(4), Ok(5)));
    assert_eq!(open("c"), Err(Errno::Mfile));
    assert!(!world.host("c").exists(), "nothing is made that cannot be named");
    world.fd_close(1).expect("open");
    assert_eq!(open("c"), Ok(1));
    assert_eq!(open("missing/d"), Err(Errno::Mfile));
}

#[test]
fn the_depth_of_directories_is_limited() {
    let mut limits = Limits::default();
    limits.directory_depth = 4;
    let world = World::with(DirPerms::all(), FilePerms::all(), |builder| {
        builder.limits(limits);
    });
    for path in ["a", "a/b", "./a//b/c/"] {
        assert_eq!(world.path_create_directory(3, path), Ok(()), "{path}");
    }
    let too_deep = Err(Errno::NameTooLong);
    let inner = world.open_dir("a/b/c").expect("a directory");
    assert_eq!(world.path_create_directory(inner, "d"), Ok(()));
    assert_eq!(
        world.path_create_directory(inner, "d/e"),
        too_deep,
        "counted from the top"
    );
    assert_eq!(world.path_create_directory(3, "a/b/c/d/e"), too_deep);
    assert_eq!(
        world.open("a/b/c/d/e", oflags::CREAT, rights::FD_READ).map(drop),
        too_deep
    );
    assert_eq!(world.open("a/../a/../a", oflags::DIRECTORY, 0).map(drop), too_deep);
    world.file("file", "");
    assert_eq!(world.path_rename(3, "file", inner, "d/file"), too_deep);
    assert_eq!(world.path_link(3, NOFOLLOW, "file", inner, "d/file"), too_deep);
    assert_eq!(world.path_symlink("file", inner, "d/file"), too_deep);
    assert_eq!(world.path_filestat_get(inner, NOFOLLOW, "d/file").map(drop), too_deep);
    assert_eq!(
        world.path_filestat_set_times(inner, NOFOLLOW, "d/file", [0, 0], 0),
        too_deep
    );
    assert_eq!(world.path_readlink(inner, "d/file", 9).map(drop), too_deep);
    assert_eq!(world.path_unlink_file(inner, "d/file"), too_deep);
    assert_eq!(world.path_remove_directory(inner, "d/file"), too_deep);
    assert_eq!(world.path_rename(3, "file", inner, "file"), Ok(()));
    let last = world.open_dir("a/b/c/d").expect("a directory");
    assert_eq!(world.path_create_directory(last, "e"), too_deep);
    assert!(world.fd_readdir(last, 1000, 0).is_ok(), "what is open can be listed");
}

#[test]
fn one_call_moves_no_more_than_the_limit() {
    let mut limits = Limits::default();
    limits.transfer = 10;
    let world = World::with(DirPerms::all(), FilePerms::all(), |builder| {
        builder.limits(limits);
    });
    world.file("file", "0123456789abcdef");
    let file = world.open("file", 0, rights::READ_WRITE).expect("a file");
    assert_eq!(world.fd_readv(file, &[4, 4, 4, 4]).as_deref(), Ok(&b"0123456789"[..]));
    assert_eq!(world.fd_read(file, 100).as_deref(), Ok(&b"abcdef"[..]));
    assert_eq!(world.fd_pread(file, 16, 1).as_deref(), Ok(&b"123456789a"[..]));
    assert_eq!(world.fd_pwritev(file, &[b"ABCDEF", b"GHIJKL"], 0), Ok(10));
    assert_eq!(world.contents("file"), b"ABCDEFGHIJabcdef");
    assert_eq!(world.fd_write(1, [0; 100]), Ok(10), "a stream, too");
}

#[test]
fn a_limit_of_nothing_still_moves_something() {
    let mut limits = Limits::default();
    limits.transfer = 0;
    let world = World::with(DirPerms::all(), FilePerms::all(), |builder| {
        builder.limits(limits);
    });
    world.file("file", "ab");
    let file = world.open("file", 0, rights::FD_READ).expect("a file");
    assert_eq!(world.fd_read(file, 2).as_deref(), Ok(&b"a"[..]), "and not the end");
}
