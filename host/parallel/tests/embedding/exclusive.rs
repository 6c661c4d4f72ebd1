//! Parallel threads that call component instances that are not shared: one call at a time runs, in the store with the
//! unshared state.

use crate::exclusive_program::{
    CALLS_FIRST, CALLS_SECOND, CALLS_THIRD, COUNTS, EXCLAIMS, REENTERS, RELIFTS, SPINS, TRAPS, WAITS, call, for_each,
    func, program, start, start_meeting,
};
use crate::support::{functions, trap};
use std::sync::atomic::Ordering;

/// The counter begins at 20: ten is from a segment, and ten is what the start function adds.
#[test]
fn calls_of_parallel_threads_do_not_overlap() {
    for_each(5, |workers| {
        let (instance, _) = start(workers);
        assert_eq!(call(&instance, "run", &[COUNTS, 8, 20]).expect("no trap"), 0);
        // The thread of the call counted once.
        assert_eq!(call(&instance, "count", &[]).expect("no trap"), 20 + 8 * 20 + 2);
        // The state of the other instance is its own.
        assert_eq!(call(&instance, "count-second", &[]).expect("no trap"), 21);
    });
}

/// The host calls the instance meanwhile, from several threads of its own.
#[test]
fn calls_of_the_host_take_turns_with_those_of_threads() {
    for_each(3, |workers| {
        let (instance, _) = start(workers);
        (0..4).for_each(|_| assert!(call(&instance, "spawn", &[COUNTS, 20]).expect("no trap") > 0));
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..20).for_each(|_| assert!(call(&instance, "count", &[]).expect("no trap") > 20)));
            }
            assert_eq!(call(&instance, "join", &[4]).expect("no trap"), 0);
        });
        assert_eq!(
            call(&instance, "count", &[]).expect("no trap"),
            20 + 4 * 20 + 2 * 20 + 1
        );
    });
}

#[test]
fn strings_go_through_the_memories_of_both() {
    for_each(2, |workers| {
        let (instance, _) = start(workers);
        assert_eq!(call(&instance, "run", &[EXCLAIMS, 4, 50]).expect("no trap"), 0);
        assert_eq!(call(&instance, "posted", &[]).expect("no trap"), 4 * 50);
    });
}

/// A thread calls `first`, which calls the host, which calls `first`.
#[test]
fn an_instance_that_calls_itself_by_way_of_the_host_traps() {
    for_each(3, |workers| {
        let (instance, host) = start(workers);
        host.targets.set(vec![func(&instance, "count")]).ok().expect("not set");
        let trapped = trap(call(&instance, "run", &[REENTERS, 1, 0])).to_string();
        assert!(trapped.contains("cannot enter component instance"), "{trapped}");
    });
}

/// Each of two threads is in one of the instances when it calls the other one.
#[test]
fn instances_that_wait_for_each_other_trap() {
    for_each(20, |workers| {
        let (instance, host) = start(workers);
        let targets = vec![func(&instance, "count-second"), func(&instance, "count")];
        host.targets.set(targets).ok().expect("not set");
        call(&instance, "spawn", &[CALLS_FIRST, 0]).expect("no trap");
        call(&instance, "spawn", &[CALLS_SECOND, 1]).expect("no trap");
        let trapped = trap(call(&instance, "join", &[2])).to_string();
        assert!(trapped.contains("cannot enter component instance"), "{trapped}");
    });
}

/// Each of three threads is in one of the instances when it calls the next one. The last call would close the circle.
#[test]
fn instances_that_wait_for_each_other_in_a_circle_trap() {
    for_each(20, |workers| {
        let (instance, host) = start_meeting(&program(), 3, workers);
        let targets = ["count-second", "count-third", "count"];
        let targets = targets.map(|name| func(&instance, name)).to_vec();
        host.targets.set(targets).ok().expect("not set");
        for (target, function) in (0..).zip([CALLS_FIRST, CALLS_SECOND, CALLS_THIRD]) {
            call(&instance, "spawn", &[function, target]).expect("no trap");
        }
        let trapped = trap(call(&instance, "join", &[3])).to_string();
        assert!(trapped.contains("cannot enter component instance"), "{trapped}");
    });
}

/// Two threads are in the two instances at once, and what they call is free in the end.
#[test]
fn instances_that_wait_for_another_one_go_on() {
    for_each(20, |workers| {
        let (instance, host) = start(workers);
        let targets = vec![func(&instance, "count-second")];
        host.targets.set(targets).ok().expect("not set");
        call(&instance, "spawn", &[CALLS_FIRST, 0]).expect("no trap");
        // It meets the other one, and then counts in `second`, which a third thread uses.
        let counting = std::thread::scope(|scope| {
            let counting = scope.spawn(|| {
                (0..20)
                    .map(|_| call(&instance, "count-second", &[]))
                    .collect::<Vec<_>>()
            });
            scope.spawn(|| host.barrier.wait_blocking());
            assert_eq!(call(&instance, "join", &[1]).expect("no trap"), 0);
            counting.join().expect("no panic")
        });
        assert!(counting.iter().all(Result::is_ok), "{counting:?}");
        assert_eq!(call(&instance, "count-second", &[]).expect("no trap"), 20 + 20 + 2);
    });
}

#[test]
fn the_program_ends_while_threads_wait_for_an_instance() {
    for_each(10, |workers| {
        let (instance, host) = start(workers);
        for _ in 0..4 {
            call(&instance, "spawn", &[WAITS, 0]).expect("no trap");
        }
        while host.waiting.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        instance.end().expect("not on a worker");
        assert_eq!(host.waiting.load(Ordering::SeqCst), 1, "the others waited for the lock");
    });
}

/// Those that wait get the lock one after the other.
#[test]
fn threads_that_wait_for_an_instance_go_on_when_it_is_free() {
    for_each(5, |workers| {
        let (instance, host) = start(workers);
        for _ in 0..4 {
            call(&instance, "spawn", &[WAITS, 0]).expect("no trap");
        }
        for _ in 0..4 {
            host.gate.0.try_send(()).expect("the gate is there");
        }
        assert_eq!(call(&instance, "join", &[4]).expect("no trap"), 0);
        assert_eq!(host.waiting.load(Ordering::SeqCst), 4);
    });
}

#[test]
fn a_trap_in_an_instance_that_a_thread_calls_ends_the_program() {
    for_each(5, |workers| {
        let (instance, _) = start(workers);
        call(&instance, "spawn", &[WAITS, 0]).expect("no trap");
        call(&instance, "spawn", &[TRAPS, 0]).expect("no trap");
        let trapped = trap(call(&instance, "join", &[2]));
        assert_eq!(
            trapped.code(),
            Some(weft_parallel::wasmtime::Trap::UnreachableCodeReached),
            "{trapped}"
        );
        assert!(functions(&trapped).contains(&"traps"), "{:?}", trapped.backtrace());
        let again = call(&instance, "count", &[]).expect_err("the program has ended");
        assert!(again.to_string().contains("unreachable"), "{again}");
    });
}

/// Code that computes in the home of an instance is interrupted as all other code is.
#[test]
fn a_called_instance_that_computes_lets_others_run_and_ends() {
    for_each(3, |workers| {
        let (instance, host) = start(workers);
        call(&instance, "spawn", &[SPINS, 0]).expect("no trap");
        host.barrier.wait_blocking();
        // It waits for the thread that computes for ever.
        call(&instance, "spawn", &[COUNTS, 1]).expect("no trap");
        assert_eq!(call(&instance, "count-second", &[]).expect("no trap"), 21);
        instance.end().expect("not on a worker");
    });
}

/// A thread has entered an instance whose lifted function is one of `first`, and waits for `first`. A thread that is there calls the
/// first instance by way of the host. With one worker, the one waits before the other one calls; with several, it may not wait at all.
#[test]
fn an_instance_that_lifts_what_it_lowered_is_part_of_a_cycle() {
    for_each(10, |workers| {
        let (instance, host) = start(workers);
        host.targets
            .set(vec![func(&instance, "reallocs")])
            .ok()
            .expect("not set");
        call(&instance, "spawn", &[CALLS_FIRST, 0]).expect("no trap");
        // It is in `first` before this returns, if there is one worker.
        call(&instance, "count-second", &[]).expect("no trap");
        call(&instance, "spawn", &[RELIFTS, 0]).expect("no trap");
        call(&instance, "count-second", &[]).expect("no trap");
        host.barrier.wait_blocking();
        match call(&instance, "join", &[2]) {
            Ok(wrong) => assert!(workers > 1 && wrong == 0, "no cycle with {workers} workers"),
            outcome => {
                let trapped = trap(outcome).to_string();
                assert!(trapped.contains("cannot enter component instance"), "{trapped}");
            }
        }
    });
}
