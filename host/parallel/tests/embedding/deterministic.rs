//! The deterministic profile: what a spawn does, and in which order threads run.

use std::sync::Arc;

use weft_parallel::{Error, Func};

use crate::support::{Host, Running, call, engine_with, trap, until, watched};

/// What is asked for beside the profile makes no difference.
fn engine() -> weft_parallel::Engine {
    engine_with(8, |config| {
        config.deterministic(true);
    })
}

/// How often an order is looked at.
const TIMES: u32 = 20;

/// The values that `run` logs, which are the same each time.
fn order(code: &str) -> Vec<i32> {
    let observe = |engine: &weft_parallel::Engine| {
        let program = Running::start(engine, code, &[("run", "")]);
        program.call("run", &[]).expect("no trap");
        program
            .host
            .log()
            .into_iter()
            .map(|(_, value)| value)
            .collect::<Vec<_>>()
    };
    let first = observe(&engine());
    for _ in 1..TIMES {
        assert_eq!(observe(&engine()), first);
    }
    first
}

#[test]
fn spawning_gives_zero_and_starts_nothing() {
    watched(|| {
        // Elements 1 and 7 are null, 8 and beyond are outside of the table, and 2 is of another type.
        const CODE: &str = "(func $child (type $start) (param i32) (call $log (i32.const 1)))
            (func $nullary (type $void))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (elem (table $table) (i32.const 2) (ref null (shared func)) (ref.func $nullary))
            (func (export \"spawn\") (type $unary) (param $function i32) (result i32)
                (call $spawn (local.get $function) (i32.const 0)))
            (func (export \"spawn-ref\") (type $get)
                (i32.or
                    (call $spawn_ref (ref.func $child) (i32.const 0))
                    (call $spawn_ref (ref.null $start) (i32.const 0))))
            (func (export \"yield\") (type $void) (call $yield))";
        let exports = [
            ("spawn", "(param \"function\" s32) (result s32)"),
            ("spawn-ref", "(result s32)"),
            ("yield", ""),
        ];
        let program = Running::start(&engine(), CODE, &exports);
        for function in [0, 1, 2, 7, 8, i32::MAX, -1] {
            assert_eq!(program.call("spawn", &[function]).expect("no trap"), 0);
        }
        assert_eq!(program.call("spawn-ref", &[]).expect("no trap"), 0);
        // `spawn-ref` spawns twice.
        let refused = program.instance.metrics().spawn_refusals;
        assert_eq!([refused.by_limit, refused.by_system, refused.by_profile], [0, 0, 9]);
        program.call("yield", &[]).expect("no trap");
        assert_eq!(program.host.log(), []);
    });
}

#[test]
fn one_thread_runs_at_a_time_and_the_guest_is_told_so() {
    watched(|| {
        const CODE: &str = "(func (export \"parallelism\") (type $get) (call $parallelism))";
        let program = Running::start(&engine(), CODE, &[("parallelism", "(result s32)")]);
        for _ in 0..3 {
            assert_eq!(program.call("parallelism", &[]).expect("no trap"), 1);
        }
    });
}

/// Processors keep the bits of a NaN that they are given; the profile of core WebAssembly wants the canonical one.
#[test]
fn nans_are_canonical() {
    watched(|| {
        const CODE: &str = "(func (export \"nan\") (type $unary) (param $bits i32) (result i32)
            (i32.reinterpret_f32 (f32.add (f32.reinterpret_i32 (local.get $bits)) (f32.const 1))))";
        let program = Running::start(&engine(), CODE, &[("nan", "(param \"bits\" s32) (result s32)")]);
        for nan in [0x7fc0_0000, 0x7fc1_2345, -1, 0x7f80_0001] {
            assert_eq!(program.call("nan", &[nan]).expect("no trap"), 0x7fc0_0000, "{nan:#x}");
        }
    });
}

#[test]
fn a_thread_that_computes_is_not_interrupted() {
    watched(|| {
        // The counter is not atomic, and there is time for many interruptions.
        const CODE: &str = "(func $compute (type $start) (param $n i32) (local $rounds i32)
                (local.set $rounds (i32.const 5000000))
                (i32.store (i32.const 64) (local.get $n))
                (loop $again
                    (if (i32.ne (i32.load (i32.const 64)) (local.get $n)) (then unreachable))
                    (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
                (call $log (local.get $n))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $compute))
            (func (export \"run\") (type $void)
                (call $resume_later (call $new (i32.const 0) (i32.const 1)))
                (call $resume_later (call $new (i32.const 0) (i32.const 2)))
                (call $resume_later (call $new (i32.const 0) (i32.const 3)))
                (call $compute (i32.const 4))
                (call $join (i32.const 4)))";
        assert_eq!(order(CODE)[0], 4, "the others begin when the first one waits");
    });
}

#[test]
fn threads_that_yield_take_turns() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param $n i32) (local $round i32)
                (drop (call $yield_thread))
                (loop $again
                    (call $log (i32.add (local.get $n) (i32.mul (local.get $round) (i32.const 10))))
                    (drop (call $yield_thread))
                    (local.set $round (i32.add (local.get $round) (i32.const 1)))
                    (br_if $again (i32.ne (local.get $round) (i32.const 10))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void)
                (call $resume_later (call $new (i32.const 0) (i32.const 0)))
                (call $resume_later (call $new (i32.const 0) (i32.const 1)))
                (call $resume_later (call $new (i32.const 0) (i32.const 2)))
                (call $join (i32.const 3)))";
        let order = order(CODE);
        assert_eq!(order.len(), 30);
        for (turn, values) in order.chunks(3).enumerate() {
            let mut values = values.to_vec();
            values.sort_unstable();
            let tens = 10 * turn as i32;
            assert_eq!(values, [tens, tens + 1, tens + 2], "each has run once: {order:?}");
        }
    });
}

#[test]
fn each_yield_lets_all_ready_threads_run_first_in_the_order_in_which_they_became_ready() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param $n i32)
                (i32.store (i32.const 64)
                    (i32.add (i32.mul (i32.load (i32.const 64)) (i32.const 10)) (local.get $n))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func $begin (type $void)
                (i32.store (i32.const 64) (i32.const 0))
                (call $resume_later (call $new (i32.const 0) (i32.const 1)))
                (call $resume_later (call $new (i32.const 0) (i32.const 2)))
                (i32.store (i32.const 68) (call $new (i32.const 0) (i32.const 3)))
                (call $resume_later (i32.load (i32.const 68))))
            (func $expect (type $start) (param $order i32)
                (if (i32.ne (i32.load (i32.const 64)) (local.get $order)) (then unreachable)))
            (func (export \"run\") (type $void) (local $rounds i32)
                (local.set $rounds (i32.const 2000))
                (loop $again
                    (call $begin)
                    (drop (call $yield_thread))
                    (call $expect (i32.const 123))
                    ;; Who gives way to the third goes behind all others.
                    (call $begin)
                    (drop (call $yield_then_promote (i32.load (i32.const 68))))
                    (call $expect (i32.const 3))
                    (drop (call $yield_thread))
                    (call $expect (i32.const 312))
                    (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))";
        let program = Running::start(&engine(), CODE, &[("run", "")]);
        program.call("run", &[]).expect("no trap");
    });
}

/// Threads 2 to 6 are ready or suspended, and log their indices when they run; `$run` lets one go first.
fn first(resumed: &str, then: &str) -> Vec<i32> {
    let code = format!(
        "(func $child (type $start) (param i32)
                (call $log (call $index))
                ;; The first child resumes the call, if the call has suspended itself.
                (if (i32.atomic.rmw.xchg (i32.const 64) (i32.const 0)) (then (call $resume_later (i32.const 1))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void) (local $n i32)
                (loop $each
                    (drop (call $new (i32.const 0) (i32.const 0)))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $each (i32.ne (local.get $n) (i32.const 5))))
                {resumed}
                {then}
                (call $log (i32.const 1))
                (loop $again
                    (drop (call $yield_thread))
                    (br_if $again (i32.ne (i32.atomic.load (i32.const 0)) (i32.const $READY)))))"
    );
    order(&code.replace(
        "$READY",
        &(resumed.matches("resume_later").count() + then.matches("then_resume").count()).to_string(),
    ))
}

/// Has the children with these indices be ready.
fn ready(children: &[i32]) -> String {
    let resume = |child: &i32| format!("(call $resume_later (i32.const {child}))");
    children.iter().map(resume).collect()
}

#[test]
fn a_thread_that_is_switched_to_runs_before_all_that_are_ready() {
    watched(|| {
        for target in 2..=6 {
            let others: Vec<i32> = (2..=6).filter(|child| *child != target).collect();
            let order = first(
                &ready(&others),
                &format!("(drop (call $yield_then_resume (i32.const {target})))"),
            );
            assert_eq!((order.len(), order[0]), (6, target), "{order:?}");
            // The target resumes the call.
            let suspend = format!(
                "(i32.store (i32.const 64) (i32.const 1)) (drop (call $suspend_then_resume (i32.const {target})))"
            );
            let order = first(&ready(&others), &suspend);
            assert_eq!((order.len(), order[0]), (6, target), "{order:?}");
        }
    });
}

#[test]
fn a_ready_thread_that_is_promoted_runs_before_all_others() {
    watched(|| {
        for target in 2..=6 {
            let order = first(
                &ready(&[2, 3, 4, 5, 6]),
                &format!("(drop (call $yield_then_promote (i32.const {target})))"),
            );
            assert_eq!((order.len(), order[0]), (6, target), "{order:?}");
            let suspend = format!(
                "(i32.store (i32.const 64) (i32.const 1)) (drop (call $suspend_then_promote (i32.const {target})))"
            );
            let order = first(&ready(&[2, 3, 4, 5, 6]), &suspend);
            assert_eq!((order.len(), order[0]), (6, target), "{order:?}");
        }
    });
}

#[test]
fn promoting_a_thread_that_is_not_ready_is_plain_yielding_or_suspending() {
    watched(|| {
        // Thread 6 is suspended, and thread 1 is the call itself.
        for target in [6, 1] {
            let yields = first(&ready(&[2, 3, 4, 5]), "(drop (call $yield_thread))");
            let promotes = first(
                &ready(&[2, 3, 4, 5]),
                &format!("(drop (call $yield_then_promote (i32.const {target})))"),
            );
            assert_eq!(promotes, yields);
            assert!(!promotes.contains(&6), "it has not been resumed: {promotes:?}");
            const SUSPEND: &str = "(i32.store (i32.const 64) (i32.const 1))";
            let suspends = first(&ready(&[2, 3, 4, 5]), &format!("{SUSPEND} (drop (call $suspend))"));
            let promotes = first(
                &ready(&[2, 3, 4, 5]),
                &format!("{SUSPEND} (drop (call $suspend_then_promote (i32.const {target})))"),
            );
            assert_eq!(promotes, suspends);
        }
    });
}

#[test]
fn a_call_that_nobody_can_resume_traps() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param i32) (drop (call $suspend)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void)
                (drop (call $suspend_then_resume (call $new (i32.const 0) (i32.const 0)))))";
        let program = Running::start(&engine(), CODE, &[("run", "")]);
        let trap = trap(program.call("run", &[]));
        assert!(trap.message().starts_with("deadlock detected"), "{trap}");
        assert_eq!(trap.thread(), Some(1));
    });
}

#[test]
fn a_thread_that_computes_ends_with_its_program_and_other_programs_do_not_disturb_it() {
    watched(|| {
        const CODE: &str = "(func (export \"spin\") (type $void)
                (call $send (i32.const 0) (i32.const 0))
                (loop $spin (br_if $spin (i32.eqz (i32.atomic.load (i32.const 64))))))";
        let engine = engine();
        for _ in 0..5 {
            let program = Running::start(&engine, CODE, &[("spin", "")]);
            let spin: Func<Arc<Host>> = program.func("spin");
            let caller = std::thread::spawn(move || call(&spin, &[]));
            program.host.receive(0);
            drop(program.instance);
            let outcome = caller.join().expect("no panic");
            assert!(matches!(outcome, Err(Error::Ended)), "{outcome:?}");
            until(|| Arc::strong_count(&program.host) == 1);
        }
    });
}
