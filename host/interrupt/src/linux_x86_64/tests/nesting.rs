//! Tests of threads that run more than one guest, or none.

use super::super::target::current;
use super::*;
use std::sync::Mutex;

/// Runs a guest whose host function runs another guest to its end on the same thread, and then interrupts the outer
/// guest. Returns how often that paused.
fn pauses_around(outer: Kernels, inner: Guest) -> u64 {
    let inner = Mutex::new(inner);
    let interrupter = outer.interrupter.clone();
    let outer = outer.with_double(move || {
        inner.lock().unwrap().run("integers", 10, |poll| while !poll() {});
        interrupter.interrupt(|group| group == 1);
    });
    outer.guest().pauses_in_calls()
}

#[test]
fn a_guest_is_interrupted_after_another_of_its_engine_has_run_within_it() {
    let kernels = Kernels::that_count(DEFAULT_SIGNAL);
    let inner = kernels.guest_of(2);
    assert!(pauses_around(kernels, inner) > 0);
}

#[test]
fn a_guest_is_interrupted_after_one_of_another_engine_has_run_within_it() {
    let inner = Kernels::that_count(DEFAULT_SIGNAL).guest();
    assert!(pauses_around(Kernels::that_count(DEFAULT_SIGNAL), inner) > 0);
}

#[test]
fn a_thread_can_be_interrupted_for_each_engine_whose_guests_it_runs_in_turn() {
    let engines = [(); 2].map(|()| Kernels::that_interrupt_themselves(DEFAULT_SIGNAL));
    for kernels in engines.iter().chain(&engines) {
        assert!(kernels.guest().pauses_in_calls() > 0);
        assert_eq!(kernels.interrupter.threads.known(), 1);
    }
}

#[test]
fn a_thread_that_runs_no_guest_is_left_alone() {
    let kernels = Kernels::that_interrupt_themselves(DEFAULT_SIGNAL);
    assert!(kernels.guest().pauses_in_calls() > 0);
    kernels.interrupter.interrupt(|group| panic!("group {group} runs"));
    assert!(current().is_null());
}

#[test]
fn a_thread_that_has_ended_is_forgotten() {
    let kernels = Kernels::that_count(DEFAULT_SIGNAL);
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            kernels.guest().pauses_in_calls();
            assert_eq!(kernels.interrupter.threads.known(), 1);
        });
        // The scope alone would wait only for the closure to end.
        thread.join().unwrap();
    });
    assert_eq!(kernels.interrupter.threads.known(), 0);
}

#[test]
fn bodies_reach_from_their_first_byte_to_their_last() {
    let Kernels { module, bodies, .. } = Kernels::that_count(DEFAULT_SIGNAL);
    for function in module.functions() {
        let start = bodies.text().start + function.offset;
        assert!(bodies.contain(start));
        assert!(bodies.contain(start + function.len - 1));
    }
    let last = module.functions().map(|function| function.offset + function.len).max();
    assert!(!bodies.contain(bodies.text().start + last.unwrap()));
}
