//! A forced interleaving of calls. What many threads do is tested in `tests/races`, on guest threads.

use super::Guest;
use crate::preview1::fd;
use crate::types::{OFlags, Rights};
use std::fs;
use std::future::Future;
use std::io::Write;
use std::pin::pin;
use std::task::{Context, Waker};

/// A read that waits keeps to the pipe that it began on, though its number names a file by the time bytes come.
#[test]
fn a_read_that_waits_is_not_moved_to_another_file() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("f"), "of the file").expect("a file");
    let (read, write) = rustix::pipe::pipe().expect("a pipe");
    let mut builder = crate::WasiCtxBuilder::new();
    let all = (crate::DirPerms::all(), crate::FilePerms::all());
    builder
        .stdin(read)
        .preopened_dir(dir.path(), "/", all.0, all.1)
        .expect("a directory");
    let guest = Guest::new(&mut builder);
    let frame = guest.frame(0);
    let mut waiting = pin!(frame.read_async(0, 100));
    assert!(
        waiting
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    let other = guest.frame(1);
    let file = other.open(3, "f", OFlags::empty(), Rights::FD_READ).expect("there");
    fd::renumber(other.call, file, 0).expect("both open");
    std::fs::File::from(write).write_all(b"of the pipe").expect("a reader");
    assert_eq!(async_io::block_on(waiting), Ok(b"of the pipe".to_vec()));
    assert_eq!(other.read(0, 100), Ok(b"of the file".to_vec()));
}
