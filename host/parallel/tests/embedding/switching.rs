//! The built-ins that suspend or yield and name the next thread, with threads that run in parallel.
//!
//! `deterministic` tests the order in which threads run.

use crate::support::{Running, WORKERS, engine, trap, watched};

#[test]
fn two_threads_switch_to_each_other_and_one_runs_at_a_time() {
    watched(|| {
        // The counter at 64 is not atomic: each sees what the other has left. Thread 2 begins.
        const CODE: &str = "(func $player (type $start) (param $rounds i32) (local $other i32) (local $expected i32)
                (local.set $other (i32.sub (i32.const 5) (call $index)))
                (local.set $expected (i32.sub (call $index) (i32.const 2)))
                (loop $again
                    (if (i32.ne (i32.load (i32.const 64)) (local.get $expected)) (then unreachable))
                    (i32.store (i32.const 64) (i32.add (local.get $expected) (i32.const 1)))
                    (local.set $expected (i32.add (local.get $expected) (i32.const 2)))
                    (if (call $suspend_then_resume (local.get $other)) (then unreachable))
                    (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
                ;; Thread 2 is the first to come here, while thread 3 is suspended.
                (if (i32.eq (call $index) (i32.const 2)) (then (call $resume_later (local.get $other))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $player))
            (func (export \"run\") (type $unary) (param $rounds i32) (result i32) (local $first i32)
                (local.set $first (call $new (i32.const 0) (local.get $rounds)))
                (drop (call $new (i32.const 0) (local.get $rounds)))
                (call $resume_later (local.get $first))
                (call $join (i32.const 2))
                (i32.load (i32.const 64)))";
        for workers in WORKERS {
            let program = Running::start(
                &engine(workers),
                CODE,
                &[("run", "(param \"rounds\" s32) (result s32)")],
            );
            assert_eq!(program.call("run", &[100_000]).expect("no trap"), 200_000);
        }
    });
}

#[test]
fn many_pairs_switch_to_each_other_while_others_compute() {
    watched(|| {
        // Thread n and n + 1 are a pair, n even; each pair has a counter of its own.
        const CODE: &str = "(func $player (type $start) (param $rounds i32) (local $other i32) (local $counter i32)
                (local.set $other (i32.xor (call $index) (i32.const 1)))
                (local.set $counter (i32.add (i32.const 4096) (i32.shl (i32.shr_u (call $index) (i32.const 1)) (i32.const 2))))
                (loop $again
                    (i32.store (local.get $counter) (i32.add (i32.load (local.get $counter)) (i32.const 1)))
                    (drop (call $suspend_then_resume (local.get $other)))
                    (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
                (if (i32.ne (i32.load (local.get $counter)) (i32.const 4000)) (then unreachable))
                (if (i32.eqz (i32.and (call $index) (i32.const 1))) (then (call $resume_later (local.get $other))))
                (call $finish))
            (func $computes (type $start) (param i32)
                (loop $spin (br_if $spin (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.const 40))))
                (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
                (drop (memory.atomic.notify (i32.const 64) (i32.const -1))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $player) (ref.func $computes))
            (func (export \"run\") (type $void) (local $n i32) (local $seen i32)
                (loop $each
                    (drop (call $new (i32.const 0) (i32.const 2000)))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $each (i32.ne (local.get $n) (i32.const 40))))
                (drop (call $spawn (i32.const 1) (i32.const 0)))
                (drop (call $spawn (i32.const 1) (i32.const 0)))
                (local.set $n (i32.const 2))
                (loop $each
                    (call $resume_later (local.get $n))
                    (local.set $n (i32.add (local.get $n) (i32.const 2)))
                    (br_if $each (i32.ne (local.get $n) (i32.const 42))))
                (call $join (i32.const 40))
                (loop $again
                    (local.set $seen (i32.atomic.load (i32.const 64)))
                    (if (i32.ne (local.get $seen) (i32.const 2)) (then
                        (drop (memory.atomic.wait32 (i32.const 64) (local.get $seen) (i64.const -1)))
                        (br $again)))))";
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "")]);
            program.call("run", &[]).expect("no round is lost");
        }
    });
}

#[test]
fn a_thread_that_yields_to_a_suspended_one_goes_on_too() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param $n i32)
                (call $log (local.get $n))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $start) (param $threads i32) (local $n i32)
                (loop $each
                    (if (call $yield_then_resume (call $new (i32.const 0) (local.get $n))) (then unreachable))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $each (i32.ne (local.get $n) (local.get $threads))))
                (call $join (local.get $threads)))";
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "(param \"threads\" s32)")]);
            program.call("run", &[1000]).expect("no trap");
            assert_eq!(program.host.sorted_values(), (0..1000).collect::<Vec<_>>());
        }
    });
}

/// `run` names a thread in a state: 0 the call itself, 1 waiting for the host, 2 suspended after it has run, 3 never run.
const STATES: &str = "(func $waits (type $start) (param i32)
        (call $finish)
        (drop (call $receive (i32.const 7))))
    (func $suspends (type $start) (param i32)
        (call $finish)
        (drop (call $suspend)))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $waits) (ref.func $suspends))
    (func $target (type $unary) (param $state i32) (result i32) (local $target i32)
        (if (i32.eqz (local.get $state)) (then (return (call $index))))
        (local.set $target (call $new (i32.eq (local.get $state) (i32.const 2)) (i32.const 0)))
        (if (i32.ne (local.get $state) (i32.const 3)) (then
            (call $resume_later (local.get $target))
            (call $join (i32.const 1))))
        (local.get $target))
    (func (export \"run\") (type $binary) (param $then i32) (param $state i32) (result i32) (local $target i32)
        (local.set $target (call $target (local.get $state)))
        (if (i32.eq (local.get $then) (i32.const 0)) (then
            (return (call $suspend_then_resume (local.get $target)))))
        (if (i32.eq (local.get $then) (i32.const 1)) (then
            (return (call $yield_then_resume (local.get $target)))))
        (call $yield_then_promote (local.get $target)))";

const STATES_EXPORTS: &[(&str, &str)] = &[("run", "(param \"then\" s32) (param \"state\" s32) (result s32)")];

#[test]
fn only_a_suspended_thread_can_be_switched_to() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for then in [0, 1] {
                for state in [0, 1] {
                    let program = Running::start(&engine, STATES, STATES_EXPORTS);
                    let trap = trap(program.call("run", &[then, state]));
                    assert_eq!(trap.message(), "cannot resume thread which is not suspended");
                }
            }
        }
    });
}

#[test]
fn promoting_never_traps_whatever_the_thread_does() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for state in 0..4 {
                let program = Running::start(&engine, STATES, STATES_EXPORTS);
                assert_eq!(program.call("run", &[2, state]).expect("no trap"), 0);
            }
        }
    });
}

#[test]
fn threads_that_promote_each_other_starve_nobody() {
    watched(|| {
        // Two threads, 2 and 3, promote each other until a third has run, which begins when they are at it.
        const CODE: &str = "(func $promotes (type $start) (param $other i32)
                (loop $again
                    (drop (call $yield_then_promote (local.get $other)))
                    (drop (i32.atomic.rmw.add (i32.const 68) (i32.const 1)))
                    (br_if $again (i32.eqz (i32.atomic.load (i32.const 64)))))
                ;; The other one may name this one still.
                (call $finish)
                (drop (call $receive (i32.const 7))))
            (func $third (type $start) (param i32)
                (loop $again
                    (drop (call $yield_thread))
                    (br_if $again (i32.lt_u (i32.atomic.load (i32.const 68)) (i32.const 100))))
                (i32.atomic.store (i32.const 64) (i32.const 1))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $promotes) (ref.func $third))
            (func (export \"run\") (type $void)
                (drop (call $new (i32.const 0) (i32.const 3)))
                (drop (call $new (i32.const 0) (i32.const 2)))
                (call $resume_later (i32.const 2))
                (call $resume_later (i32.const 3))
                (call $resume_later (call $new (i32.const 1) (i32.const 0)))
                (call $join (i32.const 3)))";
        for workers in WORKERS {
            let engine = engine(workers);
            for _ in 0..20 {
                let program = Running::start(&engine, CODE, &[("run", "")]);
                program.call("run", &[]).expect("no trap");
            }
        }
    });
}
