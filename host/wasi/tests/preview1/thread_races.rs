//! Threads that race for descriptors, files and memory.

use crate::harness::program::run;
use std::path::Path;
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

/// All rights, as a number in text.
const ALL: &str = "0x3fffffff";

fn with_dir(path: &Path) -> WasiCtxBuilder {
    let mut builder = WasiCtxBuilder::new();
    builder
        .preopened_dir(path, "/dir", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    builder
}

/// Each thread opens its own file and must read its own file until it closes it, while numbers go from hand to hand by
/// opening, closing and renumbering. A stranger reads through all numbers: the bytes of one file, or `badf`.
#[test]
fn an_open_number_is_nobody_elses() {
    const OWNERS: i32 = 4;
    let root = tempfile::tempdir().expect("a directory");
    for number in 1..=OWNERS {
        let letter = b'@' + number as u8;
        std::fs::write(root.path().join(char::from(letter).to_string()), [letter; 4096]).expect("a file");
    }
    let program = format!(
        r#"
        (func $letter (param $number i32) (result i32) (i32.add (local.get $number) (i32.const 64)))
        (func $open_own (param $number i32) (param $frame i32) (result i32)
            (i32.store8 offset=1024 (local.get $frame) (call $letter (local.get $number)))
            (call $expect
                (call $open (local.get $frame) (i32.const 1) (i32.const 0) (i64.const {ALL}) (i32.const 0))
                (i32.const 0) (i32.const 2))
            (i32.load (local.get $frame)))
        (func $owner (param $number i32) (param $frame i32) (local $rounds i32) (local $one i32) (local $two i32)
            (loop $next
                (local.set $one (call $open_own (local.get $number) (local.get $frame)))
                (local.set $two (call $open_own (local.get $number) (local.get $frame)))
                (call $expect (call $fd_renumber (local.get $one) (local.get $two)) (i32.const 0) (i32.const 3))
                (call $expect (call $read (local.get $frame) (local.get $two) (i32.const 4096)) (i32.const 0) (i32.const 4))
                (call $expect
                    (call $run_of (i32.add (local.get $frame) (i32.const 1024)) (i32.const 4096)
                        (call $letter (local.get $number)))
                    (i32.const 4096) (i32.const 5))
                (call $expect (call $fd_close (local.get $two)) (i32.const 0) (i32.const 6))
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $rounds) (i32.const 500)))))
        (func $stranger (param $frame i32) (local $fd i32) (local $code i32) (local $found i32)
            (loop $next
                (local.set $fd (i32.add (i32.rem_u (i32.add (local.get $fd) (i32.const 1)) (i32.const 8)) (i32.const 4)))
                (call $iovec (local.get $frame) (i32.const 4096))
                (local.set $code (call $fd_pread (local.get $fd) (i32.add (local.get $frame) (i32.const 64)) (i32.const 1)
                    (i64.const 0) (local.get $frame)))
                (if (local.get $code)
                    (then (call $expect (local.get $code) (i32.const 8) (i32.const 7)))
                    (else
                        (call $expect (i32.load (local.get $frame)) (i32.const 4096) (i32.const 8))
                        (call $expect
                            (call $run_of (i32.add (local.get $frame) (i32.const 1024)) (i32.const 4096)
                                (i32.load8_u offset=1024 (local.get $frame)))
                            (i32.const 4096) (i32.const 9))))
                (br_if $next (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.const {OWNERS})))))
        (func $thread (param $number i32) (param $frame i32)
            (if (i32.gt_u (local.get $number) (i32.const {OWNERS}))
                (then (call $stranger (local.get $frame)))
                (else (call $owner (local.get $number) (local.get $frame)))))
        (func $main (param $frame i32)
            (call $spawn (i32.const {spawned}))
            (call $join (i32.const {spawned}))
            ;; All are closed again: the next number is the first free one.
            (call $expect (call $open_own (i32.const 1) (local.get $frame)) (i32.const 4) (i32.const 10)))"#,
        spawned = OWNERS + 1,
    );
    assert_eq!(run(&program, &mut with_dir(root.path())), 0);
}

/// Records that several threads append, through descriptors of their own and through one that they share, are whole.
#[test]
fn appends_do_not_mix() {
    const RECORD: usize = 5000;
    const ROUNDS: usize = 100;
    const THREADS: usize = 4;
    for shared in [false, true] {
        let root = tempfile::tempdir().expect("a directory");
        let program = format!(
            r#"
            (func $open_log (param $frame i32) (result i32)
                (i32.store offset=1024 (local.get $frame) (i32.const 0x676f6c)) ;; "log"
                (call $expect
                    (call $open (local.get $frame) (i32.const 3) (i32.const 1) (i64.const {ALL}) (i32.const 1))
                    (i32.const 0) (i32.const 2))
                (i32.load (local.get $frame)))
            (func $thread (param $number i32) (param $frame i32) (local $rounds i32) (local $fd i32)
                (local.set $fd (i32.const 4))
                (if (i32.eqz (i32.const {shared})) (then (local.set $fd (call $open_log (local.get $frame)))))
                (memory.fill (i32.add (local.get $frame) (i32.const 1024)) (i32.add (local.get $number) (i32.const 64))
                    (i32.const {RECORD}))
                (loop $next
                    (call $expect (call $write (local.get $frame) (local.get $fd) (i32.const {RECORD})) (i32.const 0) (i32.const 3))
                    (call $expect (i32.load (local.get $frame)) (i32.const {RECORD}) (i32.const 4))
                    (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                    (br_if $next (i32.lt_u (local.get $rounds) (i32.const {ROUNDS})))))
            (func $main (param $frame i32)
                (call $expect (call $open_log (local.get $frame)) (i32.const 4) (i32.const 5))
                (call $spawn (i32.const {THREADS}))
                (call $join (i32.const {THREADS})))"#,
            shared = i32::from(shared),
        );
        assert_eq!(run(&program, &mut with_dir(root.path())), 0);
        let log = std::fs::read(root.path().join("log")).expect("a file");
        assert_eq!(log.len(), RECORD * ROUNDS * THREADS);
        let whole = |record: &[u8]| record.iter().all(|byte| *byte == record[0]);
        assert!(log.chunks(RECORD).all(whole), "a record is torn");
    }
}

/// One position for all: each byte of a file is read by exactly one of the threads that share its descriptor.
#[test]
fn a_shared_position_gives_each_byte_once() {
    let root = tempfile::tempdir().expect("a directory");
    // Each word says where it is.
    let words: Vec<u8> = (0..20_000u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(root.path().join("f"), words).expect("a file");
    // Every word read is counted in a byte of the last frames.
    let program = format!(
        r#"
        (func $thread (param $number i32) (param $frame i32) (local $word i32)
            (loop $next
                (call $expect (call $read (local.get $frame) (i32.const 4) (i32.const 4)) (i32.const 0) (i32.const 2))
                (if (i32.load (local.get $frame))
                    (then
                        (call $expect (i32.load (local.get $frame)) (i32.const 4) (i32.const 3))
                        (local.set $word (i32.load offset=1024 (local.get $frame)))
                        (drop (i32.atomic.rmw8.add_u offset=0x90000 (local.get $word) (i32.const 1)))
                        (br $next)))))
        (func $main (param $frame i32)
            (i32.store8 offset=1024 (local.get $frame) (i32.const 0x66))
            (call $expect
                (call $open (local.get $frame) (i32.const 1) (i32.const 0) (i64.const {ALL}) (i32.const 0))
                (i32.const 0) (i32.const 4))
            (call $spawn (i32.const 4))
            (call $join (i32.const 4))
            (call $expect (call $run_of (i32.const 0x90000) (i32.const 20000) (i32.const 1)) (i32.const 20000) (i32.const 5)))"#
    );
    assert_eq!(run(&program, &mut with_dir(root.path())), 0);
}

/// One thread changes the array of `iovec`s that others write and read with: good ones, and such that lead out. What is
/// written comes from a good buffer, and what is not is `fault`.
#[test]
fn an_array_that_changes_during_the_call() {
    let root = tempfile::tempdir().expect("a directory");
    let program = format!(
        r#"
        ;; The array is at 0x100, for two buffers in the frame of the main thread, which is full of `x`.
        (func $change (local $at i32)
            (loop $next
                (i64.atomic.store (i32.const 0x100) (i64.const 0x0000000800010400))
                (i64.atomic.store (i32.const 0x108) (i64.const 0x7fffffff00010400))
                (i32.store (i32.const 0x104) (i32.const -1))
                (i32.store (i32.const 0x100) (i32.const 0x7fff0000))
                (i64.atomic.store (i32.const 0x108) (i64.const 0x0000000400010400))
                (i32.store (i32.const 0x10c) (i32.const 9))
                (br_if $next (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.const 3)))))
        (func $allowed (param $code i32) (param $where i32)
            (if (i32.and (i32.ne (local.get $code) (i32.const 21)) (i32.ne (local.get $code) (i32.const 28)))
                (then (call $expect (local.get $code) (i32.const 0) (local.get $where)))))
        (func $use (param $number i32) (param $frame i32) (local $rounds i32)
            (loop $next
                (if (i32.eq (local.get $number) (i32.const 1))
                    (then (call $allowed (call $fd_pwrite (i32.const 4) (i32.const 0x100) (i32.const 2)
                        (i64.const 0) (local.get $frame)) (i32.const 2))))
                (if (i32.eq (local.get $number) (i32.const 2))
                    (then (call $allowed (call $fd_write (i32.const 4) (i32.const 0x100) (i32.const 2)
                        (local.get $frame)) (i32.const 3))))
                (if (i32.eq (local.get $number) (i32.const 3))
                    (then (call $allowed (call $fd_pread (i32.const 4) (i32.const 0x100) (i32.const 2)
                        (i64.const 0) (local.get $frame)) (i32.const 4))))
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $rounds) (i32.const 3000)))))
        (func $thread (param $number i32) (param $frame i32)
            (if (i32.eq (local.get $number) (i32.const 4))
                (then (call $change))
                (else (call $use (local.get $number) (local.get $frame)))))
        (func $main (param $frame i32)
            (i32.store8 offset=1024 (local.get $frame) (i32.const 0x66))
            (call $expect
                (call $open (local.get $frame) (i32.const 1) (i32.const 1) (i64.const {ALL}) (i32.const 0))
                (i32.const 0) (i32.const 5))
            (memory.fill (i32.add (local.get $frame) (i32.const 1024)) (i32.const 0x78) (i32.const 1024))
            (call $spawn (i32.const 4))
            (call $join (i32.const 4)))"#
    );
    assert_eq!(run(&program, &mut with_dir(root.path())), 0);
    let written = std::fs::read(root.path().join("f")).expect("a file");
    assert!(written.iter().all(|byte| *byte == b'x'), "bytes that no buffer had");
}

/// The memory grows while calls write to what is new: `fault` before, success after, and never anything else.
#[test]
fn a_memory_that_grows_during_the_call() {
    let program = r#"
        (func $thread (param $number i32) (param $frame i32) (local $code i32) (local $grown i32)
            (loop $next
                (local.set $grown (i32.ge_u (memory.size) (i32.const 17)))
                (local.set $code (call $random_get (i32.const 0x10fff0) (i32.const 16)))
                (if (local.get $code)
                    (then
                        (call $expect (local.get $code) (i32.const 21) (i32.const 2))
                        (call $expect (local.get $grown) (i32.const 0) (i32.const 3))
                        (br $next)))
                (br_if $next (i32.eqz (local.get $grown)))))
        (func $main (param $frame i32)
            (call $spawn (i32.const 2))
            (drop (call $sched_yield))
            (call $expect (memory.grow (i32.const 1)) (i32.const 16) (i32.const 4))
            (call $join (i32.const 2)))"#;
    for _ in 0..20 {
        assert_eq!(run(program, &mut WasiCtxBuilder::new()), 0);
    }
}
