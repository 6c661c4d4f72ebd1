//! Calls that wait: what is dropped while it waits loses nothing, and what waits stays with what it began on.
//!
//! These need the futures themselves, polled at chosen moments. All that a guest can see is tested from the guest's side.

use super::{Guest, assert_pending};
use crate::base::ctx::WasiCtxBuilder;
use crate::base::rights::Rights;
use crate::base::types::OFlags;
use crate::preview1::fd;
use rustix::pipe::pipe;
use std::fs::File;
use std::io::{Read, Write};
use std::pin::pin;

fn guest_with_stdin() -> (Guest, File) {
    let (read, write) = pipe().expect("a pipe");
    (Guest::new(WasiCtxBuilder::new().stdin(read)), write.into())
}

#[test]
fn a_blocked_read_is_droppable_and_loses_nothing() {
    let (guest, mut input) = guest_with_stdin();
    {
        let frame = guest.frame(0);
        let mut blocked = pin!(frame.read_async(0, 100));
        assert_pending(blocked.as_mut());
        assert_pending(blocked.as_mut());
    }
    input.write_all(b"for the next").expect("room");
    assert_eq!(guest.frame(1).read(0, 100), Ok(b"for the next".to_vec()));
    drop(input);
    assert_eq!(guest.frame(1).read(0, 100), Ok(Vec::new()), "the end");
}

#[test]
fn a_blocked_read_wakes_when_bytes_come() {
    let (guest, mut input) = guest_with_stdin();
    std::thread::scope(|scope| {
        let frame = guest.frame(0);
        let mut other = pin!(frame.read_async(0, 100));
        assert_pending(other.as_mut());
        let reader = scope.spawn(|| guest.frame(1).read(0, 100));
        input.write_all(b"x").expect("room");
        assert_eq!(reader.join().expect("no panic"), Ok(b"x".to_vec()));
        assert_pending(other.as_mut());
    });
}

#[test]
fn a_blocked_write_is_droppable_and_gives_its_turn_back() {
    let (read, write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdout(write));
    let chunk = [b'x'; 20_000];
    {
        let frame = guest.frame(0);
        let mut blocked = pin!(async {
            for _ in 0..1000 {
                frame.write_async(1, &chunk).await.expect("a reader");
            }
        });
        assert_pending(blocked.as_mut());
    }
    let mut read = File::from(read);
    let mut sink = vec![0; 1 << 20];
    assert!(read.read(&mut sink).expect("bytes") > 0);
    assert_eq!(guest.frame(1).write(1, b"end"), Ok(3));
}

/// A read that waits keeps to the pipe that it began on, though its number names a file by the time bytes come.
#[test]
fn a_read_that_waits_is_not_moved_to_another_file() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("f"), "of the file").expect("a file");
    let (read, write) = pipe().expect("a pipe");
    let mut builder = WasiCtxBuilder::new();
    let all = (crate::DirPerms::all(), crate::FilePerms::all());
    builder
        .stdin(read)
        .preopened_dir(dir.path(), "/", all.0, all.1)
        .expect("a directory");
    let guest = Guest::new(&mut builder);
    let frame = guest.frame(0);
    let mut waiting = pin!(frame.read_async(0, 100));
    assert_pending(waiting.as_mut());
    let other = guest.frame(1);
    let file = other.open(3, "f", OFlags::empty(), Rights::FD_READ).expect("there");
    fd::renumber(other.call, file, 0).expect("both open");
    File::from(write).write_all(b"of the pipe").expect("a reader");
    assert_eq!(async_io::block_on(waiting), Ok(b"of the pipe".to_vec()));
    assert_eq!(other.read(0, 100), Ok(b"of the file".to_vec()));
}
