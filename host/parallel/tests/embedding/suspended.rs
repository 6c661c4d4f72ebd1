//! `thread.new-indirect`, `thread.resume-later`, `thread.suspend` and `thread.yield`: threads that are suspended.

use crate::support::{Running, WORKERS, engine, engine_with, functions, trap, until, watched};

/// A child logs its argument, waits at gate 1, and ends.
const CHILD: &str = "(func $child (type $start) (param $argument i32)
        (call $log (local.get $argument))
        (drop (call $receive (i32.const 1)))
        (call $finish))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func (export \"new\") (type $unary) (param $argument i32) (result i32)
        (call $new (i32.const 0) (local.get $argument)))
    (func $entry (export \"resume\") (type $start) (param $thread i32) (call $resume_later (local.get $thread)))
    (func (export \"index\") (type $get) (call $index))";

const CHILD_EXPORTS: &[(&str, &str)] = &[
    ("new", "(param \"argument\" s32) (result s32)"),
    ("resume", "(param \"thread\" s32)"),
    ("index", "(result s32)"),
];

#[test]
fn a_new_thread_runs_when_it_is_resumed_and_not_before() {
    watched(|| {
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CHILD, CHILD_EXPORTS);
            let new = |argument| program.call("new", &[argument]).expect("no trap");
            assert_eq!([new(10), new(11), new(12)], [2, 3, 4]);
            program.call("resume", &[3]).expect("suspended");
            until(|| program.host.log() == [(3, 11)]);
            program.call("resume", &[2]).expect("suspended");
            until(|| program.host.log() == [(3, 11), (2, 10)]);
            // The one that is left keeps its index, and the calls have got theirs all the time.
            assert_eq!(program.call("index", &[]).expect("no trap"), 1);
            assert_eq!(program.host.log().len(), 2);
        }
    });
}

#[test]
fn a_thread_that_is_left_suspended_keeps_its_index() {
    watched(|| {
        const CODE: &str = "(func $leave (type $start) (param i32)
                (drop (call $suspend))
                (call $log (i32.const 0)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $leave))
            (func $begin (type $void) (drop (call $new (i32.const 0) (i32.const 0))))
            (start $begin)
            (func (export \"leave\") (type $get) (call $spawn (i32.const 0) (i32.const 0)))
            (func (export \"index\") (type $get) (call $index))";
        for workers in WORKERS {
            let exports = [("leave", "(result s32)"), ("index", "(result s32)")];
            let program = Running::start(&engine(workers), CODE, &exports);
            for child in 3..20 {
                assert_eq!(program.call("leave", &[]).expect("no trap"), child);
                assert_eq!(program.call("index", &[]).expect("no trap"), 1);
            }
            assert_eq!(program.host.log(), []);
        }
    });
}

#[test]
fn a_thread_that_is_not_suspended_cannot_be_resumed() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            // The call itself, and a child that waits for the host.
            for resumed in [1, 2] {
                let program = Running::start(&engine, CHILD, CHILD_EXPORTS);
                program.call("new", &[0]).expect("no trap");
                program.call("resume", &[2]).expect("suspended");
                let trap = trap(program.call("resume", &[resumed]));
                assert_eq!(trap.message(), "cannot resume thread which is not suspended");
                assert!(functions(&trap).contains(&"entry"), "{trap:?}");
            }
        }
    });
}

#[test]
fn an_index_without_a_thread_traps() {
    watched(|| {
        const CODE: &str = "(func (export \"look\") (type $binary) (param $how i32) (param $thread i32) (result i32)
            (if (i32.eq (local.get $how) (i32.const 0)) (then (call $resume_later (local.get $thread))))
            (if (i32.eq (local.get $how) (i32.const 1)) (then (drop (call $suspend_then_resume (local.get $thread)))))
            (if (i32.eq (local.get $how) (i32.const 2)) (then (drop (call $yield_then_resume (local.get $thread)))))
            (if (i32.eq (local.get $how) (i32.const 3)) (then (drop (call $suspend_then_promote (local.get $thread)))))
            (if (i32.eq (local.get $how) (i32.const 4)) (then (drop (call $yield_then_promote (local.get $thread)))))
            (i32.const 0))";
        let engine = engine(2);
        for how in 0..5 {
            for thread in [0, 2, i32::MAX, -1] {
                let exports = [("look", "(param \"how\" s32) (param \"thread\" s32) (result s32)")];
                let program = Running::start(&engine, CODE, &exports);
                let trap = trap(program.call("look", &[how, thread]));
                assert_eq!(
                    trap.message(),
                    format!("unknown handle index {}", thread as u32),
                    "{how}"
                );
            }
        }
    });
}

#[test]
fn every_thread_that_is_resumed_once_runs_once() {
    watched(|| {
        // Thread n counts at 4096 + 4n. Children resume a share each, while the others run.
        const CODE: &str = "(func $count (type $start) (param $n i32)
                (drop (i32.atomic.rmw.add offset=4096 (i32.shl (local.get $n) (i32.const 2)) (i32.const 1)))
                (drop (call $yield_thread))
                (call $finish))
            (func $resume (type $start) (param $thread i32)
                (loop $each
                    (call $resume_later (local.get $thread))
                    (local.set $thread (i32.add (local.get $thread) (i32.const 4)))
                    (br_if $each (i32.le_s (local.get $thread) (i32.const 1001))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $count) (ref.func $resume))
            (func (export \"run\") (type $void) (local $n i32)
                ;; Indices 2 to 1001.
                (loop $each
                    (if (i32.ne (call $new (i32.const 0) (local.get $n)) (i32.add (local.get $n) (i32.const 2)))
                        (then unreachable))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $each (i32.ne (local.get $n) (i32.const 1000))))
                (drop (call $spawn (i32.const 1) (i32.const 2)))
                (drop (call $spawn (i32.const 1) (i32.const 3)))
                (drop (call $spawn (i32.const 1) (i32.const 4)))
                (drop (call $spawn (i32.const 1) (i32.const 5)))
                (call $join (i32.const 1004))
                (loop $each
                    (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                    (if (i32.ne (i32.load offset=4096 (i32.shl (local.get $n) (i32.const 2))) (i32.const 1))
                        (then unreachable))
                    (br_if $each (local.get $n))))";
        for workers in WORKERS {
            let engine = engine(workers);
            for _ in 0..10 {
                let program = Running::start(&engine, CODE, &[("run", "")]);
                program.call("run", &[]).expect("each has run once");
            }
        }
    });
}

#[test]
fn of_two_that_resume_a_thread_one_traps_and_the_thread_runs_once_at_most() {
    watched(|| {
        // The target waits for ever, and so is never suspended again.
        const CODE: &str = "(func $target (type $start) (param i32)
                (call $log (i32.const 1))
                (drop (call $receive (i32.const 7))))
            (func $resume (type $start) (param $target i32)
                (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
                (loop $both (br_if $both (i32.ne (i32.atomic.load (i32.const 64)) (i32.const 2))))
                (call $resume_later (local.get $target)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $target) (ref.func $resume))
            (func (export \"run\") (type $void) (local $target i32)
                (local.set $target (call $new (i32.const 0) (i32.const 0)))
                (drop (call $spawn (i32.const 1) (local.get $target)))
                (drop (call $spawn (i32.const 1) (local.get $target)))
                (drop (call $receive (i32.const 7))))";
        for workers in WORKERS {
            let engine = engine(workers);
            for _ in 0..50 {
                let program = Running::start(&engine, CODE, &[("run", "")]);
                let trap = trap(program.call("run", &[]));
                assert_eq!(trap.message(), "cannot resume thread which is not suspended");
                assert!(program.host.log().len() <= 1);
            }
        }
    });
}

#[test]
fn a_call_is_suspended_and_resumed_by_its_index() {
    watched(|| {
        const CODE: &str = "(func $resume (type $start) (param $thread i32)
                (drop (call $receive (i32.const 0)))
                (call $log (i32.const 1))
                (call $resume_later (local.get $thread)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $resume))
            (func (export \"run\") (type $get) (local $completed i32)
                (local.set $completed (call $suspend_then_resume (call $new (i32.const 0) (call $index))))
                (call $log (i32.const 2))
                (local.get $completed))";
        for workers in WORKERS {
            let engine = engine(workers);
            for _ in 0..50 {
                let program = Running::start(&engine, CODE, &[("run", "(result s32)")]);
                program.host.send(0, 0);
                assert_eq!(program.call("run", &[]).expect("no trap"), 0);
                assert_eq!(program.host.log(), [(2, 1), (1, 2)]);
            }
        }
    });
}

/// `run` leaves threads in several states, and suspends itself.
const DEADLOCK: &str = "(func $suspends (type $start) (param i32)
        (call $finish)
        (drop (call $receive (i32.const 0)))
        (drop (call $suspend)))
    (func $ends (type $start) (param i32)
        (call $finish)
        (drop (call $receive (i32.const 0))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $suspends) (ref.func $ends))
    (func $waits (type $void) (drop (call $suspend)))
    (func (export \"run\") (type $start) (param $children i32) (local $n i32)
        (drop (call $new (i32.const 0) (i32.const 0)))
        (loop $each
            (if (i32.lt_s (local.get $n) (local.get $children)) (then
                (drop (call $spawn (i32.and (local.get $n) (i32.const 1)) (i32.const 0)))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br $each))))
        (call $join (local.get $children))
        (call $send (i32.const 1) (i32.const 0))
        (call $waits))";

#[test]
fn a_call_that_nobody_can_resume_traps() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for children in [0, 1, 2, 7] {
                let program = Running::start(&engine, DEADLOCK, &[("run", "(param \"children\" s32)")]);
                let run = program.func("run");
                let caller = std::thread::spawn(move || crate::support::call(&run, &[children]));
                program.host.receive(1);
                for _ in 0..children {
                    assert!(!caller.is_finished(), "a child may still resume the call");
                    program.host.send(0, 0);
                }
                let trap = trap(caller.join().expect("no panic"));
                assert!(trap.message().starts_with("deadlock detected"), "{trap}");
                assert_eq!(trap.thread(), Some(1), "that of the call");
                assert!(functions(&trap).contains(&"waits"), "{trap:?}");
            }
        }
    });
}

#[test]
fn a_thousand_threads_yield_until_all_have_come_by() {
    watched(|| {
        // Each goes on yielding until the last of them has run.
        const CODE: &str = "(func $child (type $start) (param $threads i32)
                (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
                (loop $again
                    (if (call $yield_thread) (then unreachable))
                    (br_if $again (i32.lt_u (i32.atomic.load (i32.const 64)) (local.get $threads))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $start) (param $threads i32) (local $n i32)
                (local.set $n (local.get $threads))
                (loop $each
                    (call $resume_later (call $new (i32.const 0) (local.get $threads)))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (call $join (local.get $threads)))";
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "(param \"threads\" s32)")]);
            program.call("run", &[1000]).expect("no trap");
        }
    });
}

#[test]
fn a_new_thread_costs_no_more_than_an_entry_until_it_runs() {
    watched(|| {
        // More than could be alive if each had a stack.
        const CODE: &str = "(func $child (type $start) (param i32) (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $start) (param $threads i32) (local $n i32)
                (loop $each
                    (drop (call $new (i32.const 0) (i32.const 0)))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $each (i32.ne (local.get $n) (local.get $threads))))
                (loop $each
                    (call $resume_later (i32.add (local.get $n) (i32.const 1)))
                    ;; Not too many of them have a stack at once.
                    (if (i32.eqz (i32.and (local.get $n) (i32.const 0xff))) (then
                        (call $join (i32.add (i32.sub (local.get $threads) (local.get $n)) (i32.const 1)))))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (call $join (local.get $threads)))";
        const THREADS: u16 = 60_000;
        let engine = engine_with(2, |config| {
            config.max_threads(u32::from(THREADS) + 1);
        });
        let program = Running::start(&engine, CODE, &[("run", "(param \"threads\" s32)")]);
        program.call("run", &[THREADS.into()]).expect("no trap");
    });
}

#[test]
fn a_new_thread_beyond_the_limit_traps() {
    watched(|| {
        let engine = engine_with(2, |config| {
            config.max_threads(3);
        });
        let program = Running::start(&engine, CHILD, CHILD_EXPORTS);
        program.call("new", &[0]).expect("the second thread");
        program.call("new", &[0]).expect("the third thread");
        let trap = trap(program.call("new", &[0]));
        assert_eq!(
            trap.message(),
            "no room for another thread: the program has reached its limit of threads; raise `--max-threads`, \
             `Config::max_threads` or `InstanceLimits::max_threads`"
        );
    });
}

/// A thread that has never run needs memory when another thread resumes it. If the memory limit refuses that memory, the
/// thread that resumes it traps, and the instance ends.
#[test]
fn a_thread_that_has_no_memory_to_run_in_ends_the_instance() {
    watched(|| {
        const CODE: &str = "(func $wait (type $start) (param i32)
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $wait))
            (func $last (type $get) (local $thread i32)
                (local.set $thread (call $new (i32.const 0) (i32.const 0)))
                (loop $again (br_if $again (call $spawn (i32.const 0) (i32.const 0))))
                (local.get $thread))
            (func (export \"later\") (type $get) (call $resume_later (call $last)) (i32.const 0))
            (func (export \"yield\") (type $get) (call $yield_then_resume (call $last)))
            (func (export \"suspend\") (type $get) (call $suspend_then_resume (call $last)))";
        let exports = ["later", "yield", "suspend"];
        for workers in WORKERS {
            let engine = engine_with(workers, |config| {
                config.max_memory(2 << 20);
            });
            for export in exports {
                let program = Running::start(&engine, CODE, &exports.map(|export| (export, "(result s32)")));
                let trap = trap(program.call(export, &[]));
                assert!(
                    trap.message().contains("`--max-memory`"),
                    "{export}: {}",
                    trap.message()
                );
            }
        }
    });
}
