//! Threads of one program that call at once: a blocked call delays no other thread, and ends with the program.

use crate::harness::program::{instantiate, run};
use rustix::pipe::pipe;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use weft_wasi::{HostMonotonicClock, MemoryOutputPipe, WasiCtxBuilder};

/// How often a race is run.
const RUNS: usize = 20;

/// Calls that never come back, each in a thread of its own: reading standard input, writing to a full pipe, waiting for
/// either or for a clock; and threads that call without end.
const BLOCKED: &str = r#"
    (func $thread (param $number i32) (param $frame i32)
        (block $6 (block $5 (block $4 (block $3 (block $2 (block $1
            (br_table $6 $1 $2 $3 $4 $5 $6 (local.get $number)))
            ;; 1: nothing to read
            (drop (call $read (local.get $frame) (i32.const 0) (i32.const 16)))
            (call $proc_exit (i32.const 101)))
            ;; 2: nobody reads
            (loop $again
                (drop (call $write (local.get $frame) (i32.const 2) (i32.const 40000)))
                (br $again)))
            ;; 3: a subscription to read standard input
            (i32.store8 offset=72 (local.get $frame) (i32.const 1))
            (drop (call $poll_oneoff (i32.add (local.get $frame) (i32.const 64))
                (i32.add (local.get $frame) (i32.const 1024)) (i32.const 1) (local.get $frame)))
            (call $proc_exit (i32.const 103)))
            ;; 4: a clock that takes centuries
            (i32.store offset=80 (local.get $frame) (i32.const 1))
            (i64.store offset=88 (local.get $frame) (i64.const -1))
            (drop (call $poll_oneoff (i32.add (local.get $frame) (i32.const 64))
                (i32.add (local.get $frame) (i32.const 1024)) (i32.const 1) (local.get $frame)))
            (call $proc_exit (i32.const 104)))
            (loop $again (drop (call $sched_yield)) (br $again)))
        (loop $again
            (drop (call $random_get (i32.add (local.get $frame) (i32.const 1024)) (i32.const 1000)))
            (br $again)))
"#;

#[test]
fn others_go_on_while_calls_are_blocked() {
    for _ in 0..RUNS {
        let (stdin, _write) = pipe().expect("a pipe");
        let (_read, stderr) = pipe().expect("a pipe");
        let stdout = MemoryOutputPipe::new(1 << 20);
        let mut builder = WasiCtxBuilder::new();
        builder.stdin(stdin).stdout(stdout.clone()).stderr(stderr);
        let status = run(
            &format!(
                r#"{BLOCKED}
                (func $main (param $frame i32) (local $count i32)
                    (call $spawn (i32.const 6))
                    (loop $next
                        (call $expect (call $write (local.get $frame) (i32.const 1) (i32.const 10)) (i32.const 0) (i32.const 2))
                        (drop (call $sched_yield))
                        (local.set $count (i32.add (local.get $count) (i32.const 1)))
                        (br_if $next (i32.lt_u (local.get $count) (i32.const 500))))
                    (call $proc_exit (i32.const 7)))"#
            ),
            &mut builder,
        );
        assert_eq!(status, 7);
        assert_eq!(stdout.contents().len(), 5000);
    }
}

#[test]
fn returning_ends_blocked_calls_too() {
    for _ in 0..RUNS {
        let (stdin, _write) = pipe().expect("a pipe");
        let (_read, stderr) = pipe().expect("a pipe");
        let program = format!("{BLOCKED} (func $main (param $frame i32) (call $spawn (i32.const 6)))");
        assert_eq!(run(&program, WasiCtxBuilder::new().stdin(stdin).stderr(stderr)), 0);
    }
}

/// Dropping the instance, as an embedder does that has lost its patience.
#[test]
fn the_embedder_ends_blocked_calls() {
    for _ in 0..RUNS {
        let (stdin, _write) = pipe().expect("a pipe");
        let (_read, stderr) = pipe().expect("a pipe");
        let program = format!(
            r#"{BLOCKED} (func $main (param i32))
            (func (export "begin") (call $spawn (i32.const 6)))"#
        );
        let instance = instantiate(&program, WasiCtxBuilder::new().stdin(stdin).stderr(stderr));
        instance
            .get_func(&["begin"])
            .expect("exported")
            .call(&[])
            .expect("no trap");
        instance.end().expect("all threads end");
    }
}

#[test]
fn one_of_many_exits_wins() {
    let program = r#"
        (func $thread (param $number i32) (param $frame i32)
            (call $proc_exit (i32.add (local.get $number) (i32.const 40))))
        (func $main (param $frame i32)
            (call $spawn (i32.const 8))
            (call $join (i32.const 8)))"#;
    for _ in 0..RUNS {
        let status = run(program, &mut WasiCtxBuilder::new());
        assert!((41..=48).contains(&status), "{status}");
    }
}

/// A thread reads the pipe that the number named when it began to, or finds it closed; never a byte is lost.
#[test]
fn closing_what_another_reads() {
    let program = r#"
        (func $thread (param $number i32) (param $frame i32) (local $code i32)
            (local.set $code (call $read (local.get $frame) (i32.const 0) (i32.const 16)))
            ;; The bytes, or `badf`.
            (if (local.get $code)
                (then (call $expect (local.get $code) (i32.const 8) (i32.const 2)))
                (else (call $expect (i32.load (local.get $frame)) (i32.const 4) (i32.const 3)))))
        (func $main (param $frame i32)
            (call $spawn (i32.const 1))
            (call $expect (call $fd_close (i32.const 0)) (i32.const 0) (i32.const 4))
            (call $expect (call $read (local.get $frame) (i32.const 0) (i32.const 16)) (i32.const 8) (i32.const 5))
            (drop (call $write (local.get $frame) (i32.const 1) (i32.const 1)))
            (call $join (i32.const 1)))"#;
    for _ in 0..RUNS {
        let (stdin, write) = pipe().expect("a pipe");
        let (closed, stdout) = pipe().expect("a pipe");
        let mut builder = WasiCtxBuilder::new();
        builder.stdin(stdin).stdout(stdout);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The guest says when it has closed its end. After that no reader is left, and the host refuses the bytes.
                File::from(closed).read_exact(&mut [0]).expect("a byte");
                let _ = File::from(write).write_all(b"four");
            });
            assert_eq!(run(program, &mut builder), 0);
        });
    }
}

/// Each thread waits for its own time, with its own userdata, while the others do.
#[test]
fn threads_sleep_at_once() {
    let program = r#"
        (func $thread (param $number i32) (param $frame i32) (local $rounds i32)
            (loop $next
                (i64.store offset=64 (local.get $frame) (i64.extend_i32_u (local.get $number)))
                (i32.store offset=80 (local.get $frame) (i32.and (local.get $number) (i32.const 1)))
                (i64.store offset=88 (local.get $frame) (i64.const 200000))
                (call $expect
                    (call $poll_oneoff (i32.add (local.get $frame) (i32.const 64))
                        (i32.add (local.get $frame) (i32.const 1024)) (i32.const 1) (local.get $frame))
                    (i32.const 0) (i32.const 2))
                (call $expect (i32.load (local.get $frame)) (i32.const 1) (i32.const 3))
                (call $expect (i32.load offset=1024 (local.get $frame)) (local.get $number) (i32.const 4))
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $rounds) (i32.const 50)))))
        (func $main (param $frame i32) (call $spawn (i32.const 8)) (call $join (i32.const 8)))"#;
    assert_eq!(run(program, &mut WasiCtxBuilder::new()), 0);
}

/// Writers of long messages against a slow reader: every message is whole, also between two streams to one pipe.
#[test]
fn the_bytes_of_one_write_stay_whole() {
    const LENGTH: usize = 10_000;
    const MESSAGES: usize = 20;
    const WRITERS: usize = 4;
    let program = format!(
        r#"
        (func $thread (param $number i32) (param $frame i32) (local $rounds i32)
            (memory.fill (i32.add (local.get $frame) (i32.const 1024)) (i32.add (local.get $number) (i32.const 64))
                (i32.const {LENGTH}))
            (loop $next
                (call $expect
                    (call $write (local.get $frame) (i32.add (i32.const 1) (i32.and (local.get $number) (i32.const 1)))
                        (i32.const {LENGTH}))
                    (i32.const 0) (i32.const 2))
                (call $expect (i32.load (local.get $frame)) (i32.const {LENGTH}) (i32.const 3))
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $rounds) (i32.const {MESSAGES})))))
        (func $main (param $frame i32) (call $spawn (i32.const {WRITERS})) (call $join (i32.const {WRITERS})))"#
    );
    let (read, write) = pipe().expect("a pipe");
    let same = write.try_clone().expect("a duplicate");
    let mut builder = WasiCtxBuilder::new();
    builder.stdout(write).stderr(same);
    let mut everything = Vec::new();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| run(&program, &mut builder));
        let mut read = File::from(read);
        let mut piece = [0; 3000];
        while everything.len() < LENGTH * MESSAGES * WRITERS {
            let count = read.read(&mut piece).expect("bytes");
            everything.extend_from_slice(&piece[..count]);
        }
        assert_eq!(running.join().expect("no panic"), 0);
    });
    for message in everything.chunks(LENGTH) {
        assert!(message.iter().all(|byte| *byte == message[0]), "a message is torn");
    }
}

/// An embedder's clock that stands still, and a time that is a nanosecond ahead: it is asked again and again, but not
/// without a pause.
#[test]
fn waiting_for_a_clock_that_stands_still_can_be_ended() {
    struct Still;
    impl HostMonotonicClock for Still {
        fn resolution(&self) -> u64 {
            1
        }
        fn now(&self) -> u64 {
            0
        }
    }
    let program = r#"
        (func $thread (param $number i32) (param $frame i32)
            (i32.store offset=80 (local.get $frame) (i32.const 1))
            (i64.store offset=88 (local.get $frame) (i64.const 1))
            (i32.atomic.store (i32.const 8) (i32.const 1))
            (drop (call $poll_oneoff (i32.add (local.get $frame) (i32.const 64))
                (i32.add (local.get $frame) (i32.const 1024)) (i32.const 1) (local.get $frame)))
            (call $proc_exit (i32.const 101)))
        (func $main (param $frame i32)
            (call $spawn (i32.const 2))
            (loop $again
                (drop (call $sched_yield))
                (br_if $again (i32.eqz (i32.atomic.load (i32.const 8)))))
            (call $proc_exit (i32.const 7)))"#;
    for _ in 0..RUNS {
        assert_eq!(run(program, WasiCtxBuilder::new().monotonic_clock(Still)), 7);
    }
}

/// Several threads wait at one listening socket: each connection goes to one of them, and none is lost.
#[test]
fn threads_accept_from_one_listener() {
    const CLIENTS: u32 = 40;
    let program = format!(
        r#"
        (func $thread (param $number i32) (param $frame i32) (local $connection i32)
            (loop $next
                (call $expect (call $sock_accept (i32.const 3) (i32.const 0) (local.get $frame)) (i32.const 0) (i32.const 2))
                (local.set $connection (i32.load (local.get $frame)))
                (call $expect (call $read (local.get $frame) (local.get $connection) (i32.const 4)) (i32.const 0) (i32.const 3))
                (call $expect (i32.load (local.get $frame)) (i32.const 4) (i32.const 4))
                (call $expect (call $write (local.get $frame) (local.get $connection) (i32.const 4)) (i32.const 0) (i32.const 5))
                (call $expect (call $fd_close (local.get $connection)) (i32.const 0) (i32.const 6))
                (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
                (drop (memory.atomic.notify (i32.const 8) (i32.const 1)))
                (br $next)))
        (func $main (param $frame i32) (local $served i32)
            (call $spawn (i32.const 4))
            (loop $again
                (local.set $served (i32.atomic.load (i32.const 8)))
                (if (i32.lt_u (local.get $served) (i32.const {CLIENTS}))
                    (then
                        (drop (memory.atomic.wait32 (i32.const 8) (local.get $served) (i64.const -1)))
                        (br $again))))
            (call $proc_exit (i32.const 7)))"#
    );
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let mut builder = WasiCtxBuilder::new();
    builder.preopened_socket(listener).expect("a socket");
    std::thread::scope(|scope| {
        let running = scope.spawn(|| run(&program, &mut builder));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let mut client = TcpStream::connect(address).expect("somebody listens");
                client.write_all(&number.to_le_bytes()).expect("connected");
                (number, client)
            })
            .collect();
        for (number, mut client) in clients {
            let mut answer = Vec::new();
            client.read_to_end(&mut answer).expect("until the end");
            assert_eq!(answer, number.to_le_bytes());
        }
        assert_eq!(running.join().expect("no panic"), 7);
    });
}
