//! Threads that open, close and renumber what others read.

use super::Guest;
use crate::errno::Errno;
use crate::preview1::fd;
use crate::rights::Rights;
use crate::types::OFlags;
use std::fs;
use std::future::Future;
use std::io::Write;
use std::pin::pin;
use std::task::{Context, Waker};

const THREADS: u32 = 4;
const ROUNDS: u32 = 1500;

/// Each thread opens its own file and must read its own file until it closes it, while numbers go from hand to hand.
#[test]
fn an_open_number_is_nobody_elses() {
    let dir = tempfile::tempdir().expect("a directory");
    for thread in 0..THREADS {
        fs::write(dir.path().join(thread.to_string()), vec![b'a' + thread as u8; 4096]).expect("a file");
    }
    let guest = Guest::with_dir(dir.path());
    std::thread::scope(|scope| {
        let owner = |thread: u32| {
            let frame = guest.frame(thread);
            scope.spawn(move || {
                let own = vec![b'a' + thread as u8; 4096];
                for round in 0..ROUNDS {
                    let path = thread.to_string();
                    let mut file = frame.open(3, &path, OFlags::empty(), Rights::FD_READ).expect("there");
                    if round % 2 == 0 {
                        let other = frame.open(3, &path, OFlags::empty(), Rights::FD_READ).expect("there");
                        fd::renumber(frame.call, other, file).expect("both open");
                    } else {
                        let other = frame.open(3, ".", OFlags::DIRECTORY, Rights::FD_READ).expect("there");
                        fd::renumber(frame.call, file, other).expect("both open");
                        file = other;
                    }
                    assert_eq!(frame.read(file, 4096).as_ref(), Ok(&own));
                    fd::close(frame.call, file).expect("open");
                }
            })
        };
        let owners: Vec<_> = (0..THREADS).map(owner).collect();
        // A stranger reads through numbers that come and go: one file's bytes, or an error.
        let frame = guest.frame(THREADS);
        let mut number = 4;
        while owners.iter().any(|owner| !owner.is_finished()) {
            number = 4 + (number + 1) % (2 * THREADS);
            match frame.pread(number, 4096, 0) {
                Ok(bytes) => {
                    assert_eq!(bytes.len(), 4096);
                    assert!(bytes.iter().all(|byte| *byte == bytes[0]), "bytes of two files");
                }
                Err(error) => assert_eq!(error, Errno::BadF),
            }
        }
    });
    assert_eq!(guest.ctx.table.get(4).err(), Some(Errno::BadF), "all closed");
}

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

/// Threads append to one file; every record is whole.
#[test]
fn appends_do_not_mix() {
    const RECORD: usize = 5000;
    let dir = tempfile::tempdir().expect("a directory");
    let guest = Guest::with_dir(dir.path());
    let append = 1;
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let frame = guest.frame(thread);
            scope.spawn(move || {
                let log = frame
                    .open_with(3, 1, "log", OFlags::CREAT, Rights::FD_WRITE, append)
                    .expect("created");
                for _ in 0..100 {
                    assert_eq!(frame.write(log, &[b'a' + thread as u8; RECORD]), Ok(RECORD as u32));
                }
            });
        }
    });
    let log = fs::read(dir.path().join("log")).expect("a file");
    assert_eq!(log.len(), RECORD * 100 * THREADS as usize);
    assert!(
        log.chunks(RECORD)
            .all(|record| record.iter().all(|byte| *byte == record[0]))
    );
}
