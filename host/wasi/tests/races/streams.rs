//! Standard output and standard error: the bytes of one call stay together.

use crate::appends::{assert_complete, put, record, records};
use crate::calls::Numbers;
use crate::driver::Program;
use std::fs;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use weft_wasi::WasiCtxBuilder;

const THREADS: u32 = 4;
const RECORDS: u32 = 400;
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
