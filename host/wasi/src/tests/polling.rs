//! `poll_oneoff`: clocks, streams and both.

use super::{Frame, Guest};
use crate::ctx::WasiCtxBuilder;
use crate::errno::{Errno, Result};
use crate::preview1::{poll, proc};
use crate::types::{SubscriptionLayout, field, field_of};
use rustix::pipe::pipe;
use std::io::Write;
use std::time::{Duration, Instant};

const EVENTS: u32 = 2048;
const PREVIEW1: SubscriptionLayout = SubscriptionLayout::PREVIEW1;

/// What an event says: userdata, error, type, bytes, flags.
type Seen = (u64, u16, u8, u64, u16);

fn clock(layout: SubscriptionLayout, userdata: u64, id: u32, timeout: u64, absolute: bool) -> Vec<u8> {
    let mut record = vec![0; layout.size];
    field(&mut record, 0, userdata.to_le_bytes());
    field(&mut record, layout.clock, id.to_le_bytes());
    field(&mut record, layout.timeout, timeout.to_le_bytes());
    field(&mut record, layout.flags, u16::from(absolute).to_le_bytes());
    record
}

fn stream(userdata: u64, tag: u8, fd: u32) -> Vec<u8> {
    let mut record = vec![0; PREVIEW1.size];
    field(&mut record, 0, userdata.to_le_bytes());
    field(&mut record, 8, [tag]);
    field(&mut record, 16, fd.to_le_bytes());
    record
}

fn wait(frame: Frame<'_>, layout: SubscriptionLayout, records: &[Vec<u8>]) -> Result<Vec<Seen>> {
    let address = frame.buffer();
    frame
        .call
        .memory
        .write(address.into(), &records.concat())
        .expect("in bounds");
    let events = frame.base + EVENTS;
    let count = records.len() as u32;
    async_io::block_on(poll::oneoff(frame.call, layout, address, events, count, frame.answer()))?;
    let bytes = frame.bytes(events, frame.answered() * 32);
    let seen = bytes.chunks(32).map(|event| {
        (
            u64::from_le_bytes(field_of(event, 0)),
            u16::from_le_bytes(field_of(event, 8)),
            event[10],
            u64::from_le_bytes(field_of(event, 16)),
            u16::from_le_bytes(field_of(event, 24)),
        )
    });
    Ok(seen.collect())
}

fn time(frame: Frame<'_>, id: u32) -> Result<u64> {
    proc::clock_time_get(frame.call, id, 0, frame.answer())?;
    Ok(frame.call.memory.read_u64(frame.answer().into()).expect("in bounds"))
}

#[test]
fn a_clock_is_over_when_its_time_has_come() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let frame = guest.frame(0);
    for layout in [PREVIEW1, crate::unstable::SUBSCRIPTION] {
        let before = Instant::now();
        assert_eq!(
            wait(frame, layout, &[clock(layout, 7, 1, 3_000_000, false)]),
            Ok(vec![(7, 0, 0, 0, 0)])
        );
        assert!(before.elapsed() >= Duration::from_millis(3));
        let until = time(frame, 1).expect("a clock") + 2_000_000;
        assert_eq!(
            wait(frame, layout, &[clock(layout, 8, 1, until, true)]),
            Ok(vec![(8, 0, 0, 0, 0)])
        );
        assert!(time(frame, 1).expect("a clock") >= until);
        assert_eq!(
            wait(frame, layout, &[clock(layout, 9, 0, 1, true)]),
            Ok(vec![(9, 0, 0, 0, 0)]),
            "1970 is over"
        );
        let both = [clock(layout, 1, 0, u64::MAX, false), clock(layout, 2, 1, 1000, false)];
        assert_eq!(wait(frame, layout, &both), Ok(vec![(2, 0, 0, 0, 0)]), "the earlier one");
    }
}

#[test]
fn what_cannot_be_waited_for_is_an_event_too() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let frame = guest.frame(0);
    let never = clock(PREVIEW1, 1, 1, u64::MAX, false);
    let badf = Errno::BadF.code();
    let seen = wait(
        frame,
        PREVIEW1,
        &[never.clone(), stream(2, 1, 99), stream(3, 2, u32::MAX)],
    );
    assert_eq!(seen, Ok(vec![(2, badf, 1, 0, 0), (3, badf, 2, 0, 0)]));
    let cpu = clock(PREVIEW1, 4, 2, 0, false);
    assert_eq!(
        wait(frame, PREVIEW1, &[never, cpu]),
        Ok(vec![(4, Errno::Inval.code(), 0, 0, 0)])
    );
    assert_eq!(wait(frame, PREVIEW1, &[]), Err(Errno::Inval));
    assert_eq!(
        wait(frame, PREVIEW1, &[stream(1, 3, 0)]),
        Err(Errno::Inval),
        "an unknown type"
    );
}

#[test]
fn streams_and_clocks_are_waited_for_together() {
    let (read, write) = pipe().expect("a pipe");
    let (reader, stdout) = pipe().expect("a pipe");
    let guest = Guest::new(WasiCtxBuilder::new().stdin(read).stdout(stdout));
    let frame = guest.frame(0);
    let seen = wait(
        frame,
        PREVIEW1,
        &[stream(1, 1, 0), clock(PREVIEW1, 2, 1, 2_000_000, false)],
    );
    assert_eq!(seen, Ok(vec![(2, 0, 0, 0, 0)]), "nothing to read yet");
    assert_eq!(
        wait(frame, PREVIEW1, &[stream(1, 1, 0), stream(3, 2, 1)]),
        Ok(vec![(3, 0, 2, 1, 0)])
    );
    let mut write = std::fs::File::from(write);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| wait(guest.frame(1), PREVIEW1, &[stream(1, 1, 0)]));
        write.write_all(b"four").expect("room");
        assert_eq!(waiting.join().expect("no panic"), Ok(vec![(1, 0, 1, 4, 0)]));
    });
    drop((write, reader));
    assert_eq!(frame.read(0, 10), Ok(b"four".to_vec()));
    assert_eq!(
        wait(frame, PREVIEW1, &[stream(1, 1, 0)]),
        Ok(vec![(1, 0, 1, 0, 1)]),
        "the writer is gone"
    );
}

#[test]
fn there_are_two_clocks() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let frame = guest.frame(0);
    let first = time(frame, 1).expect("a clock");
    assert!(time(frame, 1).expect("a clock") >= first);
    let year_2020 = 1_577_836_800_000_000_000;
    assert!(time(frame, 0).expect("a clock") > year_2020);
    for id in [2, 3, 4, u32::MAX] {
        assert_eq!(time(frame, id), Err(Errno::Inval));
        assert_eq!(proc::clock_res_get(frame.call, id, 0), Err(Errno::Inval));
    }
    for id in [0, 1] {
        proc::clock_res_get(frame.call, id, 0).expect("a clock");
        assert!(frame.call.memory.read_u64(0).expect("in bounds") > 0);
    }
}
