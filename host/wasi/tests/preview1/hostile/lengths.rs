//! Lengths and counts that are too large, and memories at their limits.

use crate::harness::abi::{Errno, rights};
use crate::harness::{ANSWER, ARRAY, BUFFER, DIR, Guest, MEMORY, PATH, PREVIEW1, World, engine, linker, pass_through};
use weft_parallel::Component;
use weft_wasi::{DirPerms, FilePerms, MemoryInputPipe, WasiCtxBuilder};

const FAULT: Result<(), Errno> = Err(Errno::Fault);

fn world() -> World {
    let world = World::with(DirPerms::all(), FilePerms::all(), |builder| {
        builder.stdin(MemoryInputPipe::new("input"));
    });
    world.file("file", "contents");
    assert_eq!(world.open("file", 0, rights::ALL), Ok(4));
    world
}

/// Lengths that lead beyond the end, from good addresses.
#[test]
fn a_length_beyond_the_end_is_a_fault() {
    let world = world();
    let answer = u64::from(ANSWER);
    for length in [
        MEMORY - BUFFER + 1,
        MEMORY,
        u32::MAX - BUFFER,
        u32::MAX - BUFFER + 1,
        u32::MAX,
    ] {
        let long = u64::from(length);
        assert_eq!(world.call("random_get", &[BUFFER.into(), long]), FAULT, "{length:#x}");
        let readdir = [DIR.into(), BUFFER.into(), long, 0, answer];
        assert_eq!(world.call("fd_readdir", &readdir), FAULT, "{length:#x}");
        for (at, name) in ["fd_read", "fd_write"].into_iter().enumerate() {
            for pairs in [
                &[(BUFFER, length)][..],
                &[(BUFFER, 1), (BUFFER, length)],
                &[(BUFFER, length), (BUFFER, 1)],
            ] {
                world.fill_iovecs(ARRAY, pairs);
                let count = pairs.len() as u64;
                let fd = [0, 1][at];
                assert_eq!(
                    world.call(name, &[fd, ARRAY.into(), count, answer]),
                    FAULT,
                    "{length:#x}"
                );
                assert_eq!(
                    world.call(name, &[4, ARRAY.into(), count, answer]),
                    FAULT,
                    "{length:#x}"
                );
            }
        }
    }
    assert_eq!(world.fd_read(0, 100).as_deref(), Ok(&b"input"[..]), "nothing was read");
    assert_eq!(world.fd_tell(4), Ok(0), "nor from the file");
    assert_eq!(world.contents("file"), b"contents", "nor written");
}

#[test]
fn a_paths_length_is_looked_at_first() {
    let world = world();
    for length in [4097, MEMORY, u32::MAX] {
        for name in ["path_create_directory", "path_remove_directory", "path_unlink_file"] {
            let outcome = world.call(name, &[DIR.into(), PATH.into(), length.into()]);
            let refused = matches!(outcome, Err(Errno::NameTooLong | Errno::Fault));
            assert!(refused, "{name} with {length:#x} bytes: {outcome:?}");
        }
    }
}

/// A room for more than there is needs to be inside too: else a program would be told of memory that it does not have.
#[test]
fn a_longer_room_than_needed_is_no_licence() {
    let world = world();
    world.link("file", "link");
    let [path, length] = world.path("link");
    let room = u64::from(u32::MAX);
    let readlink = [DIR.into(), path, length, BUFFER.into(), room, ANSWER.into()];
    // As Wasmtime does: only what is written is looked at.
    let outcome = world.call("path_readlink", &readlink);
    assert!(matches!(outcome, Ok(()) | Err(Errno::Fault)), "{outcome:?}");
    let outcome = world.call("fd_prestat_dir_name", &[DIR.into(), BUFFER.into(), room]);
    assert!(matches!(outcome, Ok(()) | Err(Errno::Fault)), "{outcome:?}");
}

#[test]
fn counts_that_are_too_large_are_refused() {
    let world = world();
    for count in [MEMORY, 1 << 28, 1 << 29, (1 << 29) + 1, 1 << 31, u32::MAX] {
        for (name, fd) in [("fd_read", 0), ("fd_read", 4), ("fd_write", 1), ("fd_write", 4)] {
            let outcome = world.call(name, &[fd, ARRAY.into(), count.into(), ANSWER.into()]);
            let refused = matches!(outcome, Err(Errno::Inval | Errno::Fault));
            assert!(refused, "{name} of {count:#x} buffers: {outcome:?}");
        }
        let outcome = world.call(
            "poll_oneoff",
            &[ARRAY.into(), BUFFER.into(), count.into(), ANSWER.into()],
        );
        let refused = matches!(outcome, Err(Errno::Inval | Errno::Fault | Errno::NoMem));
        assert!(refused, "{count:#x} subscriptions: {outcome:?}");
    }
    assert_eq!(world.fd_read(0, 100).as_deref(), Ok(&b"input"[..]));
    assert_eq!(world.contents("file"), b"contents");
}

/// An empty buffer is inside wherever it ends at most at the end of the memory.
#[test]
fn empty_buffers_are_checked_too() {
    let world = world();
    for (address, inside) in [(0, true), (MEMORY, true), (MEMORY + 1, false), (u32::MAX, false)] {
        world.fill_iovecs(ARRAY, &[(address, 0)]);
        let expected = if inside { Ok(()) } else { FAULT };
        for (name, fd) in [("fd_read", 4), ("fd_write", 1)] {
            let outcome = world.call(name, &[fd, ARRAY.into(), 1, ANSWER.into()]);
            assert_eq!(outcome, expected, "{name} at {address:#x}");
        }
        assert_eq!(world.call("random_get", &[address.into(), 0]), expected, "{address:#x}");
        // No array at all.
        let outcome = world.call("fd_write", &[1, address.into(), 0, ANSWER.into()]);
        assert_eq!(outcome, expected, "no buffers at {address:#x}");
    }
}

/// Where the memory ends at the end of the address space, sums that overflow would come out inside.
#[test]
fn sums_do_not_wrap_around_in_four_gibibytes() {
    let component = Component::new(engine(), pass_through(PREVIEW1, 1 << 16).as_bytes()).expect("a valid component");
    let root = tempfile::tempdir().expect("a directory");
    std::fs::write(root.path().join("file"), "contents").expect("a file");
    let mut builder = WasiCtxBuilder::new();
    builder.args(&["a", "bcd"]);
    builder
        .preopened_dir(root.path(), "/dir", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    let guest = Guest::linked(&linker(), &component, &mut builder);
    assert_eq!(guest.open("file", 0, rights::ALL), Ok(4));
    let end = 1u64 << 32;
    for (address, length, outcome) in [
        (end - 16, 16, Ok(())),
        (end - 16, 17, FAULT),
        (end - 1, 1, Ok(())),
        (end - 1, 2, FAULT),
        (end - 1, u64::from(u32::MAX), FAULT),
    ] {
        let case = format!("{length} bytes at {address:#x}");
        assert_eq!(guest.call("random_get", &[address, length]), outcome, "{case}");
        guest.fill_iovecs(ARRAY, &[(address as u32, length as u32)]);
        let pread = [4, ARRAY.into(), 1, 0, ANSWER.into()];
        assert_eq!(guest.call("fd_pread", &pread), outcome, "{case}");
        let readdir = [3, address, length, 0, ANSWER.into()];
        assert_eq!(guest.call("fd_readdir", &readdir), outcome, "{case}");
    }
    assert_eq!(guest.call("fd_tell", &[4, end - 8]), Ok(()));
    assert_eq!(guest.call("fd_tell", &[4, end - 7]), FAULT);
    assert_eq!(guest.call("fd_filestat_get", &[4, end - 64]), Ok(()));
    assert_eq!(guest.call("fd_filestat_get", &[4, end - 63]), FAULT);
    assert_eq!(guest.call("args_get", &[0, end - 6]), Ok(()), "six bytes");
    assert_eq!(guest.call("args_get", &[0, end - 5]), FAULT);
    assert_eq!(guest.call("args_get", &[end - 8, 0]), Ok(()), "two addresses");
    assert_eq!(guest.call("args_get", &[end - 7, 0]), FAULT);
    guest.fill(u32::MAX - 15, &[0; 16]);
    let write = |array: u64, count: u64| guest.call("fd_write", &[1, array, count, ANSWER.into()]);
    assert_eq!(write(end - 16, 2), Ok(()), "an array at the end, of zeros");
    assert_eq!(write(end - 16, 3), FAULT);
    // Lengths whose sum is more than the result can say.
    guest.fill_iovecs(ARRAY, &[(0, u32::MAX), (0, 1)]);
    assert_eq!(write(ARRAY.into(), 2), Err(Errno::Inval));
}
