//! `poll_oneoff`: clocks, descriptors, and both together.

use crate::harness::abi::rights::{READ, WRITE};
use crate::harness::abi::{Event, clock, oflags};
use crate::harness::{Errno, Guest, Subscription, World};
use rustix::pipe::pipe;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};
use weft_wasi::{MemoryInputPipe, MemoryOutputPipe, WasiCtxBuilder};

const MILLISECOND: u64 = 1_000_000;

fn relative(id: u32, timeout: u64) -> Subscription {
    Subscription::Clock { id, timeout, flags: 0 }
}

fn absolute(id: u32, timeout: u64) -> Subscription {
    Subscription::Clock { id, timeout, flags: 1 }
}

fn never() -> Subscription {
    relative(clock::MONOTONIC, u64::MAX)
}

/// What a clock's event says.
fn over(userdata: u64) -> Event {
    Event {
        userdata,
        outcome: Ok(()),
        kind: 0,
        nbytes: 0,
        hangup: false,
    }
}

fn failed(userdata: u64, kind: u8, error: Errno) -> Event {
    Event {
        outcome: Err(error),
        kind,
        ..over(userdata)
    }
}

fn ready(userdata: u64, kind: u8, nbytes: u64) -> Event {
    Event {
        kind,
        nbytes,
        ..over(userdata)
    }
}

#[test]
fn a_relative_time_passes() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for id in [clock::REALTIME, clock::MONOTONIC] {
        for timeout in [0, 1, MILLISECOND, 5 * MILLISECOND] {
            let before = Instant::now();
            assert_eq!(guest.poll_oneoff(&[(7, relative(id, timeout))]), Ok(vec![over(7)]));
            assert!(
                before.elapsed() >= Duration::from_nanos(timeout),
                "clock {id}, {timeout} ns"
            );
        }
    }
}

#[test]
fn an_absolute_time_comes() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for id in [clock::REALTIME, clock::MONOTONIC] {
        for ahead in [0, MILLISECOND, 5 * MILLISECOND] {
            let until = guest.clock_time_get(id, 0).expect("a clock") + ahead;
            assert_eq!(guest.poll_oneoff(&[(8, absolute(id, until))]), Ok(vec![over(8)]));
            assert!(guest.clock_time_get(id, 0).expect("a clock") >= until, "clock {id}");
        }
        assert_eq!(
            guest.poll_oneoff(&[(9, absolute(id, 0))]),
            Ok(vec![over(9)]),
            "long ago"
        );
    }
}

#[test]
fn the_earliest_ends_the_waiting() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for (late, id) in [
        (relative(clock::REALTIME, u64::MAX), clock::MONOTONIC),
        (absolute(clock::REALTIME, u64::MAX), clock::REALTIME),
        (absolute(clock::MONOTONIC, u64::MAX), clock::REALTIME),
        (never(), clock::MONOTONIC),
    ] {
        let events = guest.poll_oneoff(&[(1, late), (2, relative(id, MILLISECOND)), (3, late)]);
        assert_eq!(events, Ok(vec![over(2)]));
    }
    let all = guest.poll_oneoff(&[(u64::MAX, relative(1, 0)), (0, relative(0, 0)), (5, never())]);
    assert_eq!(
        all,
        Ok(vec![over(u64::MAX), over(0)]),
        "each that is over, with its userdata"
    );
}

#[test]
fn what_cannot_be_waited_for_is_an_event_with_an_error() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let events = guest.poll_oneoff(&[
        (1, never()),
        (2, Subscription::Read(99)),
        (3, Subscription::Write(u32::MAX)),
    ]);
    assert_eq!(events, Ok(vec![failed(2, 1, Errno::BadF), failed(3, 2, Errno::BadF)]));
    for id in [clock::PROCESS_CPUTIME, clock::THREAD_CPUTIME] {
        let events = guest.poll_oneoff(&[(1, never()), (4, relative(id, 0))]);
        assert!(
            matches!(&events, Ok(events) if *events == [failed(4, 0, Errno::Inval)]) || events == Err(Errno::Inval)
        );
    }
}

#[test]
fn what_is_no_subscription_is_invalid() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    assert_eq!(guest.poll_oneoff(&[]), Err(Errno::Inval), "it would wait for ever");
    for tag in [3, 4, 255] {
        let mut record = relative(clock::MONOTONIC, 0).encode(1);
        record[8] = tag;
        assert_eq!(guest.poll_records(&record), Err(Errno::Inval), "type {tag}");
        let both = [relative(clock::MONOTONIC, 0).encode(1), record].concat();
        assert_eq!(
            guest.poll_records(&both),
            Err(Errno::Inval),
            "type {tag}, behind another"
        );
    }
}

#[test]
fn unknown_clocks_and_their_flags_are_invalid() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for (id, flags) in [(4, 0), (u32::MAX, 0), (0, 2), (1, 1 << 15)] {
        let one = Subscription::Clock { id, timeout: 0, flags };
        let outcome = guest.poll_oneoff(&[(1, one)]);
        let event = vec![failed(1, 0, Errno::Inval)];
        assert!(
            outcome == Err(Errno::Inval) || outcome == Ok(event),
            "clock {id}, flags {flags:#x}: {outcome:?}"
        );
    }
}

/// "This event always triggers for regular files."
#[test]
fn files_are_always_ready() {
    let world = World::new();
    world.file("f", "contents");
    let reader = world.open("f", 0, READ).expect("there");
    let writer = world.open("g", oflags::CREAT, WRITE).expect("created");
    world.fd_read(reader, 3).expect("a file");
    let subscriptions = [
        (1, never()),
        (2, Subscription::Read(reader)),
        (3, Subscription::Write(writer)),
    ];
    let events = world.poll_oneoff(&subscriptions).expect("ready");
    assert_eq!(events.len(), 2);
    assert_eq!(events[0], ready(2, 1, 5), "what is left to read");
    assert_eq!((events[1].userdata, events[1].kind, events[1].outcome), (3, 2, Ok(())));
    world.fd_read(reader, 5).expect("a file");
    let events = world
        .poll_oneoff(&[(1, Subscription::Read(reader))])
        .expect("ready, at the end");
    assert_eq!((events[0].outcome, events[0].nbytes), (Ok(()), 0));
}

/// As streams: what can never be done is an error.
#[test]
fn a_file_is_ready_for_what_it_was_opened_for() {
    let world = World::new();
    world.file("f", "contents");
    let reader = world.open("f", 0, READ).expect("there");
    let writer = world.open("f", 0, WRITE).expect("there");
    let wrong = world.poll_oneoff(&[(1, Subscription::Write(reader)), (2, Subscription::Read(writer))]);
    assert_eq!(wrong, Ok(vec![failed(1, 2, Errno::BadF), failed(2, 1, Errno::BadF)]));
}

#[test]
fn a_directory_is_never_ready() {
    let world = World::new();
    let events = world.poll_oneoff(&[(1, Subscription::Read(3)), (2, Subscription::Write(3))]);
    assert_eq!(events, Ok(vec![failed(1, 1, Errno::BadF), failed(2, 2, Errno::BadF)]));
}

#[test]
fn a_pipe_and_a_clock_are_waited_for_together() {
    let (read, write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdin(read));
    let stdin = Subscription::Read(0);
    let events = guest.poll_oneoff(&[(1, stdin), (2, relative(1, 2 * MILLISECOND))]);
    assert_eq!(events, Ok(vec![over(2)]), "nothing to read yet");
    let mut write = File::from(write);
    write.write_all(b"four").expect("room");
    assert_eq!(guest.poll_oneoff(&[(1, stdin), (2, never())]), Ok(vec![ready(1, 1, 4)]));
    assert_eq!(
        guest.poll_oneoff(&[(1, stdin), (2, stdin)]),
        Ok(vec![ready(1, 1, 4), ready(2, 1, 4)])
    );
    drop(write);
    assert_eq!(guest.fd_read(0, 100).as_deref(), Ok(&b"four"[..]));
    let gone = Event {
        hangup: true,
        ..ready(1, 1, 0)
    };
    assert_eq!(guest.poll_oneoff(&[(1, stdin)]), Ok(vec![gone]), "the writer is gone");
}

/// The bytes come while the guest waits.
#[test]
fn bytes_end_the_waiting() {
    for _ in 0..20 {
        let (read, write) = pipe().expect("a pipe");
        let guest = Guest::new(WasiCtxBuilder::new().stdin(read));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| guest.poll_oneoff(&[(1, never()), (2, Subscription::Read(0))]));
            File::from(write).write_all(b"four").expect("room");
            let events = waiting.join().expect("no panic").expect("ready");
            assert_eq!(events.len(), 1);
            assert_eq!(
                (events[0].userdata, events[0].outcome, events[0].nbytes),
                (2, Ok(()), 4)
            );
        });
    }
}

#[test]
fn a_full_pipe_is_not_ready_until_it_is_read() {
    let (read, write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdout(write));
    let stdout = Subscription::Write(1);
    let events = guest.poll_oneoff(&[(1, stdout)]).expect("room");
    assert_eq!((events[0].kind, events[0].outcome), (2, Ok(())));
    assert!(events[0].nbytes > 0);
    guest
        .fd_fdstat_set_flags(1, crate::harness::abi::fdflags::NONBLOCK)
        .expect("a pipe");
    while guest.fd_write(1, [0; 4096]).is_ok() {}
    let events = guest.poll_oneoff(&[(1, stdout), (2, relative(1, MILLISECOND))]);
    assert_eq!(events, Ok(vec![over(2)]), "no room");
    let mut piece = [0; 65536];
    assert!(std::io::Read::read(&mut File::from(read), &mut piece).expect("bytes") > 0);
    let events = guest.poll_oneoff(&[(1, stdout), (2, never())]).expect("ready");
    assert_eq!(events[0].userdata, 1);
}

#[test]
fn streams_in_memory_are_ready() {
    let mut builder = WasiCtxBuilder::new();
    builder
        .stdin(MemoryInputPipe::new("hello"))
        .stdout(MemoryOutputPipe::new(10));
    let guest = Guest::new(&mut builder);
    let subscriptions = [
        (1, Subscription::Read(0)),
        (2, Subscription::Write(1)),
        (3, Subscription::Write(2)),
    ];
    let events = guest.poll_oneoff(&subscriptions).expect("ready");
    assert_eq!(events.iter().map(|event| event.userdata).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(events[0].nbytes, 5);
    let wrong = guest.poll_oneoff(&[(1, Subscription::Write(0)), (2, Subscription::Read(1))]);
    assert_eq!(
        wrong,
        Ok(vec![failed(1, 2, Errno::BadF), failed(2, 1, Errno::BadF)]),
        "the wrong way"
    );
}

#[test]
fn many_subscriptions_keep_their_order() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let subscriptions: Vec<_> = (0..1000).map(|at| (at, relative((at % 2) as u32, at % 3))).collect();
    let events = guest.poll_oneoff(&subscriptions).expect("over");
    assert!(!events.is_empty());
    assert!(events.is_sorted_by_key(|event| event.userdata));
    assert!(events.iter().all(|event| *event == over(event.userdata)));
}

/// What can never happen is an error, not a wait without end.
#[test]
fn a_stream_is_waited_for_in_its_own_direction() {
    let (read, _write) = pipe().expect("a pipe");
    let (_read, write) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdin(read).stdout(write));
    for subscription in [Subscription::Write(0), Subscription::Read(1)] {
        let events = guest.poll_oneoff(&[(1, subscription), (2, never())]).expect("an event");
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].outcome, Err(Errno::BadF));
    }
}
