//! `clock_time_get` and `clock_res_get`.

use crate::harness::abi::clock;
use crate::harness::{Errno, Guest};
use std::time::{SystemTime, UNIX_EPOCH};
use weft_wasi::WasiCtxBuilder;

fn host_now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    u64::try_from(now.as_nanos()).expect("before 2554")
}

#[test]
fn the_real_time_is_the_hosts() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for precision in [0, 1, 1_000_000, u64::MAX] {
        let before = host_now();
        let time = guest.clock_time_get(clock::REALTIME, precision).expect("a clock");
        assert!((before..=host_now()).contains(&time), "precision {precision}");
    }
}

#[test]
fn the_monotonic_clock_never_goes_back() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    let mut last = 0;
    for _ in 0..1000 {
        let time = guest.clock_time_get(clock::MONOTONIC, 0).expect("a clock");
        assert!(time >= last);
        last = time;
    }
    assert!(last > 0, "time passes");
}

#[test]
fn a_clock_has_a_resolution() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for id in [clock::REALTIME, clock::MONOTONIC] {
        let resolution = guest.clock_res_get(id).expect("a clock");
        assert!((1..=1_000_000_000).contains(&resolution), "{resolution} ns");
    }
}

/// "For unsupported clocks, return `errno::inval`": one guest thread has no CPU clock of the host.
#[test]
fn clocks_that_are_not_there_are_invalid() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for id in [clock::PROCESS_CPUTIME, clock::THREAD_CPUTIME, 4, 256, u32::MAX] {
        assert_eq!(guest.clock_time_get(id, 0), Err(Errno::Inval), "clock {id}");
        assert_eq!(guest.clock_res_get(id), Err(Errno::Inval), "clock {id}");
    }
}
