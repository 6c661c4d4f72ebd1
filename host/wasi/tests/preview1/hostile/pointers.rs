//! Every pointer of every function, at the memory's ends and beyond, with nothing else wrong.
//!
//! Each function's call is written once, with its pointers named. The test sets each pointer in turn to an invalid
//! address. The call must return `fault` and have no effect: no file is created, no byte is read or written, no answer
//! is stored.

use crate::harness::abi::{Errno, oflags, rights};
use crate::harness::{ANSWER, ARRAY, BUFFER, DIR, Guest, MEMORY, PATH, SECOND_PATH, World};
use std::collections::BTreeMap;
use std::path::Path;
use weft_wasi::{DirPerms, FilePerms, MemoryInputPipe, MemoryOutputPipe};

/// An argument of a call.
#[derive(Debug, Clone, Copy)]
enum Arg {
    Is(u64),
    /// A pointer to so many bytes, and where it points to in a good call.
    To(u32, u32),
}

use Arg::{Is, To};

/// The length of both paths.
const LENGTH: u64 = 4;
const INPUT: &[u8] = b"input";

/// Every function with pointers, in calls that would succeed: descriptor 3 is a directory with a file `file` and a link
/// `link`, and 4 is the file.
fn calls() -> Vec<(&'static str, Vec<Arg>)> {
    let path = To(PATH, LENGTH as u32);
    let second = To(SECOND_PATH, LENGTH as u32);
    let answer = |size| To(ANSWER, size);
    let iovec = To(ARRAY, 8);
    let all = Is(rights::ALL);
    vec![
        ("args_get", vec![To(ARRAY, 8), To(BUFFER, 6)]),
        ("args_sizes_get", vec![answer(4), To(ANSWER + 4, 4)]),
        ("clock_res_get", vec![Is(1), answer(8)]),
        ("clock_time_get", vec![Is(1), Is(0), answer(8)]),
        ("environ_get", vec![To(ARRAY, 4), To(BUFFER, 4)]),
        ("environ_sizes_get", vec![answer(4), To(ANSWER + 4, 4)]),
        ("fd_fdstat_get", vec![Is(4), answer(24)]),
        ("fd_filestat_get", vec![Is(4), answer(64)]),
        ("fd_pread", vec![Is(4), iovec, Is(1), Is(0), answer(4)]),
        ("fd_prestat_dir_name", vec![Is(3), To(BUFFER, 4), Is(4)]),
        ("fd_prestat_get", vec![Is(3), answer(8)]),
        ("fd_pwrite", vec![Is(4), iovec, Is(1), Is(0), answer(4)]),
        ("fd_read", vec![Is(0), iovec, Is(1), answer(4)]),
        ("fd_read", vec![Is(4), iovec, Is(1), answer(4)]),
        ("fd_readdir", vec![Is(3), To(BUFFER, 200), Is(200), Is(0), answer(4)]),
        ("fd_seek", vec![Is(4), Is(1), Is(1), answer(8)]),
        ("fd_tell", vec![Is(4), answer(8)]),
        ("fd_write", vec![Is(1), iovec, Is(1), answer(4)]),
        ("fd_write", vec![Is(4), iovec, Is(1), answer(4)]),
        ("path_create_directory", vec![Is(3), path, Is(LENGTH)]),
        ("path_filestat_get", vec![Is(3), Is(0), path, Is(LENGTH), answer(64)]),
        (
            "path_filestat_set_times",
            vec![Is(3), Is(0), path, Is(LENGTH), Is(1), Is(1), Is(5)],
        ),
        (
            "path_link",
            vec![Is(3), Is(0), path, Is(LENGTH), Is(3), second, Is(LENGTH)],
        ),
        (
            "path_open",
            vec![
                Is(3),
                Is(1),
                path,
                Is(LENGTH),
                Is(oflags::CREAT.into()),
                all,
                Is(0),
                Is(0),
                answer(4),
            ],
        ),
        (
            "path_readlink",
            vec![Is(3), path, Is(LENGTH), To(BUFFER, 4), Is(4), answer(4)],
        ),
        ("path_remove_directory", vec![Is(3), path, Is(LENGTH)]),
        ("path_rename", vec![Is(3), path, Is(LENGTH), Is(3), second, Is(LENGTH)]),
        ("path_symlink", vec![path, Is(LENGTH), Is(3), second, Is(LENGTH)]),
        ("path_unlink_file", vec![Is(3), path, Is(LENGTH)]),
        ("poll_oneoff", vec![To(ARRAY, 48), To(BUFFER, 32), Is(1), answer(4)]),
        ("random_get", vec![To(BUFFER, 16), Is(16)]),
    ]
}

/// The path that a function's call is about.
fn subject(name: &str) -> &'static [u8] {
    match name {
        "path_create_directory" => b"new1",
        "path_open" => b"new2",
        "path_readlink" => b"link",
        "path_remove_directory" => b"void",
        _ => b"file",
    }
}

fn world() -> (World, MemoryOutputPipe) {
    let stdout = MemoryOutputPipe::new(1000);
    let world = World::with(DirPerms::all(), FilePerms::all(), |builder| {
        builder.args(&["a", "bcd"]).env("k", "v");
        builder.stdin(MemoryInputPipe::new(INPUT)).stdout(stdout.clone());
    });
    world.file("file", "contents").link("file", "link").dir("void");
    assert_eq!(world.open("file", 0, rights::ALL), Ok(4));
    (world, stdout)
}

/// Puts good paths, one `iovec` and one subscription into memory.
fn fill(guest: &Guest, name: &str) {
    guest.fill(PATH, subject(name));
    guest.fill(SECOND_PATH, b"new3");
    match name {
        // To a clock, at once.
        "poll_oneoff" => guest.fill(ARRAY, &[0; 48]),
        _ => guest.fill_iovecs(ARRAY, &[(BUFFER, 4)]),
    }
}

fn values(arguments: &[Arg], bad: Option<(usize, u32)>) -> Vec<u64> {
    let value = |(index, argument): (usize, &Arg)| match (argument, bad) {
        (To(..), Some((at, address))) if at == index => address.into(),
        (Is(value), _) => *value,
        (To(address, _), _) => (*address).into(),
    };
    arguments.iter().enumerate().map(value).collect()
}

/// All that a call might have changed.
type State = (BTreeMap<String, Vec<u8>>, Option<u64>, Vec<u8>);

fn state(world: &World, stdout: &MemoryOutputPipe) -> State {
    let entries = std::fs::read_dir(world.host("")).expect("a directory");
    let files = entries.map(|entry| {
        let entry = entry.expect("an entry");
        let contents = std::fs::read(entry.path()).unwrap_or_default();
        let modified = entry.metadata().expect("there").modified().expect("a time");
        let name = format!("{:?} {modified:?}", entry.file_name());
        (name, contents)
    });
    (files.collect(), world.fd_tell(4).ok(), stdout.contents())
}

#[test]
fn the_calls_are_good_ones() {
    for (name, arguments) in calls() {
        let (world, _) = world();
        fill(&world, name);
        assert_eq!(world.call(name, &values(&arguments, None)), Ok(()), "{name}");
    }
}

#[test]
fn a_pointer_to_outside_is_a_fault_and_has_no_effect() {
    let (world, stdout) = world();
    let before = state(&world, &stdout);
    for (name, arguments) in calls() {
        for (index, argument) in arguments.iter().enumerate() {
            let To(_, size) = *argument else { continue };
            fill(&world, name);
            for address in [
                MEMORY - size + 1,
                MEMORY - 1,
                MEMORY,
                MEMORY + 1,
                1 << 31,
                u32::MAX - size + 1,
                u32::MAX,
            ] {
                if u64::from(address) + u64::from(size) <= MEMORY.into() {
                    continue;
                }
                let case = format!("{name} with argument {index} at {address:#x}");
                let outcome = world.call(name, &values(&arguments, Some((index, address))));
                assert_eq!(outcome, Err(Errno::Fault), "{case}");
                assert_eq!(state(&world, &stdout), before, "{case}");
            }
        }
    }
    assert_eq!(world.fd_fdstat_get(5), Err(Errno::BadF), "nothing was opened");
    assert_eq!(world.fd_read(0, 100).as_deref(), Ok(INPUT), "nothing was read");
}

/// The last bytes of the memory, and addresses that are no multiples of anything. Preview 1 asks for no alignment.
#[test]
fn a_pointer_may_be_anywhere_inside() {
    for (name, arguments) in calls() {
        for (index, argument) in arguments.iter().enumerate() {
            let To(good, size) = *argument else { continue };
            for address in [0, 1, 3, MEMORY - size] {
                let (world, _) = world();
                fill(&world, name);
                let contents = world.fetch(good, size);
                world.fill(address, &contents);
                let outcome = world.call(name, &values(&arguments, Some((index, address))));
                assert_eq!(outcome, Ok(()), "{name} with argument {index} at {address:#x}");
            }
        }
    }
}

/// A directory's listing is written where it was asked for, and so on: with the answer at the very end.
#[test]
fn answers_at_the_end_are_whole() {
    let (world, _) = world();
    let [last_word, last_long] = [MEMORY - 4, MEMORY - 8];
    world.fill_iovecs(ARRAY, &[(last_word - 4, 4)]);
    world
        .call("fd_read", &[4, ARRAY.into(), 1, last_word.into()])
        .expect("in bounds");
    assert_eq!(world.fetch(last_word - 4, 8), b"cont\x04\0\0\0");
    world.call("fd_tell", &[4, last_long.into()]).expect("in bounds");
    assert_eq!(world.fetch(last_long, 8), 4u64.to_le_bytes());
    world
        .call("fd_prestat_dir_name", &[DIR.into(), u64::from(MEMORY) - 4, 4])
        .expect("in bounds");
    assert_eq!(world.fetch(last_word, 4), b"/dir");
    assert!(Path::new(&world.host("file")).exists());
}
