//! Ranges that overlap: the host copies everything that it reads before it writes anything, so the last write wins, and
//! nothing else happens.

use crate::harness::abi::{Errno, number, rights, whence};
use crate::harness::{ANSWER, ARRAY, BUFFER, PATH, World};

fn world() -> World {
    let world = World::new();
    world.file("file", "0123456789abcdef");
    assert_eq!(world.open("file", 0, rights::ALL), Ok(4));
    world
}

#[test]
fn overlapping_buffers_are_filled_in_order() {
    let world = world();
    world.fill_iovecs(ARRAY, &[(BUFFER, 8), (BUFFER + 4, 8)]);
    world
        .call("fd_read", &[4, ARRAY.into(), 2, ANSWER.into()])
        .expect("in bounds");
    assert_eq!(world.fetch(BUFFER, 12), b"012389abcdef");
    assert_eq!(world.fetch(ANSWER, 4), 16u32.to_le_bytes());
    world.fill_iovecs(ARRAY, &[(BUFFER, 3), (BUFFER, 3)]);
    world.fd_seek(4, 0, whence::SET).expect("a file");
    world
        .call("fd_read", &[4, ARRAY.into(), 2, ANSWER.into()])
        .expect("in bounds");
    assert_eq!(world.fetch(BUFFER, 3), b"345");
}

#[test]
fn one_buffer_is_written_as_often_as_it_is_named() {
    let world = world();
    world.fill(BUFFER, b"xyz");
    world.fill_iovecs(ARRAY, &[(BUFFER, 3), (BUFFER + 1, 2), (BUFFER, 3)]);
    world
        .call("fd_write", &[4, ARRAY.into(), 3, ANSWER.into()])
        .expect("in bounds");
    assert_eq!(world.contents("file"), b"xyzyzxyz89abcdef");
}

/// What is read lands on the array that says where to: the array's copy counts.
#[test]
fn an_array_that_is_overwritten_was_copied_before() {
    let world = world();
    world.fill_iovecs(ARRAY, &[(ARRAY, 8), (BUFFER, 8)]);
    world
        .call("fd_read", &[4, ARRAY.into(), 2, ANSWER.into()])
        .expect("in bounds");
    assert_eq!(world.fetch(ARRAY, 8), b"01234567");
    assert_eq!(world.fetch(BUFFER, 8), b"89abcdef");
}

#[test]
fn an_answer_inside_of_a_buffer_is_written_last() {
    let world = world();
    world.fill_iovecs(ARRAY, &[(BUFFER, 16)]);
    world
        .call("fd_read", &[4, ARRAY.into(), 1, u64::from(BUFFER) + 4])
        .expect("in bounds");
    assert_eq!(world.fetch(BUFFER, 16), b"0123\x10\0\0\089abcdef");
    // On the array itself.
    world.fd_seek(4, 0, whence::SET).expect("a file");
    world
        .call("fd_read", &[4, ARRAY.into(), 1, ARRAY.into()])
        .expect("in bounds");
    assert_eq!(world.fetch(ARRAY, 4), 16u32.to_le_bytes());
}

#[test]
fn an_answer_on_the_path_comes_after_it_was_read() {
    let world = world();
    let [path, length] = world.path("file");
    let open = [3, 0, path, length, 0, rights::FD_READ, 0, 0, path];
    world.call("path_open", &open).expect("there");
    assert_eq!(world.fetch(PATH, 4), 5u32.to_le_bytes());
    let [path, length] = world.path("file");
    world
        .call("path_filestat_get", &[3, 0, path, length, path])
        .expect("there");
    assert_eq!(number::<8>(&world.fetch(PATH, 64), 32), 16, "the size");
}

#[test]
fn events_may_lie_on_their_subscriptions() {
    let world = World::new();
    let clock = crate::harness::Subscription::Clock {
        id: 1,
        timeout: 0,
        flags: 0,
    };
    let records: Vec<u8> = (7..10).flat_map(|userdata| clock.encode(userdata)).collect();
    world.fill(ARRAY, &records);
    let poll = [ARRAY.into(), ARRAY.into(), 3, ARRAY.into()];
    world.call("poll_oneoff", &poll).expect("in bounds");
    let events = world.fetch(ARRAY, 96);
    assert_eq!(number::<4>(&events, 0), 3, "the count, last");
    assert_eq!([32, 64].map(|at| number::<8>(&events, at)), [8, 9], "userdata");
}

#[test]
fn both_paths_may_be_one() {
    let world = world();
    let [path, length] = world.path("file");
    assert_eq!(world.call("path_rename", &[3, path, length, 3, path, length]), Ok(()));
    let link = world.call("path_link", &[3, 0, path, length, 3, path, length]);
    assert_eq!(link, Err(Errno::Exist));
    world
        .call("path_rename", &[3, path, length, 3, path, length - 1])
        .expect("a free name");
    assert_eq!(world.contents("fil"), b"0123456789abcdef");
}

#[test]
fn both_sizes_may_be_in_one_place() {
    let world = World::new();
    let both = [ANSWER.into(), ANSWER.into()];
    assert_eq!(world.call("args_sizes_get", &both), Ok(()));
    assert_eq!(world.call("environ_sizes_get", &both), Ok(()));
}
