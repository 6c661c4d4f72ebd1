//! Appends of one call are not mixed with another's.
//!
//! Some descriptors are opened for appending, others are switched to it later, and all threads share one. Each record
//! contains its length, its thread and a checksum of its bytes.

use crate::calls::{APPEND, BADF, CREAT, DIR, Numbers, WRITE};
use crate::driver::{Program, Thread};
use std::fs;
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

const THREADS: u32 = 4;
const RECORDS: u32 = 2000;
const LONGEST: u32 = 20_000;
/// Length, thread, number and sum.
const HEAD: usize = 16;
/// The descriptor that thread 0 opens first, and all use.
const SHARED: u32 = 4;

fn sum(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |sum: u32, byte| sum.rotate_left(5) ^ u32::from(*byte))
}

/// A record of `length` bytes.
pub fn record(thread: u32, number: u32, length: usize, numbers: &mut Numbers) -> Vec<u8> {
    let bytes: Vec<u8> = (0..length).map(|_| numbers.below(256) as u8).collect();
    let head = [length as u32, thread, number, sum(&bytes)];
    let mut record: Vec<u8> = head.into_iter().flat_map(u32::to_le_bytes).collect();
    record.extend(bytes);
    record
}

/// Takes whole records apart, and gives whose they are and their numbers.
pub fn records(mut bytes: &[u8]) -> Vec<(u32, u32)> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let (head, rest) = bytes.split_at_checked(HEAD).expect("a whole head");
        let (words, _) = head.as_chunks::<4>();
        let word = |index: usize| u32::from_le_bytes(words[index]);
        let (own, rest) = rest.split_at_checked(word(0) as usize).expect("a whole record");
        assert_eq!(sum(own), word(3), "a record is torn");
        records.push((word(1), word(2)));
        bytes = rest;
    }
    records
}

/// Writes a record as several buffers.
pub async fn put(thread: &Thread, fd: u32, record: &[u8]) -> crate::calls::Result<()> {
    let (head, rest) = record.split_at(HEAD / 2);
    let (middle, tail) = rest.split_at(rest.len() / 3);
    let written = thread.write(fd, &[head, middle, &[], tail]).await?;
    assert_eq!(written as usize, record.len(), "all of it");
    Ok(())
}

#[test]
fn appends_stay_whole() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut program = Program::default();
    for _ in 0..THREADS {
        program.thread(|thread| async move {
            let number = thread.number();
            if number == 0 {
                assert_eq!(thread.open(DIR, "log", CREAT, WRITE, APPEND).await, Ok(SHARED));
            }
            // No other thread opens before the shared one is there.
            while thread.wasi("fd_tell", &[SHARED.into(), thread.answer()]).await == Err(BADF) {
                thread.give_way().await;
            }
            let flags = if number % 2 == 0 { APPEND } else { 0 };
            let own = thread.open(DIR, "log", 0, WRITE, flags).await.expect("there");
            thread
                .wasi("fd_fdstat_set_flags", &[own.into(), APPEND])
                .await
                .expect("a file");
            let mut numbers = Numbers::new(number);
            for index in 0..RECORDS {
                let length = numbers.below(LONGEST) as usize;
                let record = record(number, index, length, &mut numbers);
                let fd = if numbers.below(3) == 0 { SHARED } else { own };
                put(&thread, fd, &record).await.expect("room");
            }
        });
    }
    let mut wasi = WasiCtxBuilder::new();
    wasi.preopened_dir(dir.path(), "/", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    program.run(&mut wasi).expect("no trap");
    let log = fs::read(dir.path().join("log")).expect("a file");
    assert_complete(&records(&log), THREADS, RECORDS);
}

/// Each thread's records are there once and in order.
pub fn assert_complete(records: &[(u32, u32)], threads: u32, count: u32) {
    for thread in 0..threads {
        let own = records.iter().filter(|(owner, _)| *owner == thread);
        assert!(own.map(|(_, number)| *number).eq(0..count), "of thread {thread}");
    }
    assert_eq!(records.len() as u32, threads * count);
}
