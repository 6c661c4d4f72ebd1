//! Standard streams: what one call writes stays whole, and a read that waits keeps to what it waits for.

use crate::appends::{assert_complete, put, record, records};
use crate::calls::{DIR, Numbers, READ};
use crate::driver::Program;
use std::fs;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

const THREADS: u32 = 4;
const RECORDS: u32 = 60;
/// More than a pipe or a socket takes at once.
const LONGEST: u32 = 200_000;

/// Standard output and standard error lead to one stream, from which somebody reads little by little.
fn writes_stay_whole(output: OwnedFd, mut input: impl Read + Send + 'static) {
    let same = output.try_clone().expect("a duplicate");
    let reader = std::thread::spawn(move || {
        let mut everything = Vec::new();
        let mut piece = [0; 3000];
        loop {
            match input.read(&mut piece).expect("a stream") {
                0 => return everything,
                count => everything.extend_from_slice(&piece[..count]),
            }
        }
    });
    let mut program = Program::default();
    for _ in 0..THREADS {
        program.thread(|thread| async move {
            let mut numbers = Numbers::new(thread.number());
            for index in 0..RECORDS {
                // Small ones, too: those that fit pass by those that wait.
                let longest = if numbers.below(2) == 0 { 50 } else { LONGEST };
                let length = numbers.below(longest) as usize;
                let record = record(thread.number(), index, length, &mut numbers);
                put(&thread, 1 + numbers.below(2), &record).await.expect("a reader");
            }
        });
    }
    let mut wasi = WasiCtxBuilder::new();
    wasi.stdout(output).stderr(same);
    program.run(&mut wasi).expect("no trap");
    drop(wasi);
    let everything = reader.join().expect("no panic");
    assert_complete(&records(&everything), THREADS, RECORDS);
}

#[test]
fn writes_to_a_pipe_stay_whole() {
    let (input, output) = rustix::pipe::pipe().expect("a pipe");
    writes_stay_whole(output, fs::File::from(input));
}

#[test]
fn writes_to_a_socket_stay_whole() {
    let (input, output) = UnixStream::pair().expect("a pair");
    writes_stay_whole(output.into(), input);
}

/// A read of standard input that began on a pipe never gives what the number names by the time that bytes come.
#[test]
fn a_read_that_waits_is_not_moved_to_another_file() {
    const ROUNDS: u32 = 200;
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("f"), "of the file").expect("a file");
    for round in 0..ROUNDS {
        let (input, output) = rustix::pipe::pipe().expect("a pipe");
        let kept = input.try_clone().expect("a duplicate");
        let moved = Arc::new(AtomicBool::new(false));
        let mut program = Program::default();
        let was_moved = Arc::clone(&moved);
        program.thread(|thread| async move {
            // The other thread writes to the pipe only after it has put the file in its place.
            let began = was_moved.load(SeqCst);
            let bytes = thread.read(0, &[100]).await.expect("open");
            match &bytes[..] {
                b"of the pipe" => assert!(!began),
                bytes => assert_eq!(bytes, b"of the file"),
            }
        });
        program.thread(|thread| async move {
            let file = thread.open(DIR, "f", 0, READ, 0).await.expect("there");
            // How long the other thread has to begin is different each time.
            for _ in 0..round % 10 {
                thread.give_way().await;
            }
            thread.renumber(file, 0).await.expect("both open");
            moved.store(true, SeqCst);
            fs::File::from(output).write_all(b"of the pipe").expect("a reader");
        });
        let mut wasi = WasiCtxBuilder::new();
        wasi.stdin(input)
            .preopened_dir(dir.path(), "/", DirPerms::all(), FilePerms::all())
            .expect("a directory");
        program.run(&mut wasi).expect("no trap");
        drop(kept);
    }
}
