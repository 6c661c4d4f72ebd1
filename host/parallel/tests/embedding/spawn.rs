//! `thread.spawn-indirect`: when it traps, what it returns, and how the new thread starts.

use crate::support::{Program, Running, WORKERS, component, engine, engine_with, functions, trap, until, watched};

/// `spawn` gives what the built-in gives. A child logs its argument and waits at gate 1.
const CODE: &str = "(func $child (type $start) (param $argument i32)
        (call $log (local.get $argument))
        (drop (call $receive (i32.const 1))))
    (type $wide (shared (func (param i64))))
    (func $nullary (type $void))
    (func $takes_wide (type $wide) (param i64))
    (func $gives_result (type $unary) (param i32) (result i32) (i32.const 0))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (elem (table $table) (i32.const 2) (ref null (shared func))
        (ref.func $nullary) (ref.func $takes_wide) (ref.func $gives_result))
    (func $entry (export \"spawn\") (type $binary) (param $function i32) (param $argument i32) (result i32)
        (call $spawn (local.get $function) (local.get $argument)))
    (func (export \"index\") (type $get) (call $index))";

const EXPORTS: &[(&str, &str)] = &[
    (
        "spawn",
        "(param \"function\" s32) (param \"argument\" s32) (result s32)",
    ),
    ("index", "(result s32)"),
];

#[test]
fn spawn_traps_where_the_element_cannot_start_a_thread() {
    watched(|| {
        let engine = engine(2);
        // The table has eight elements: 0 is right, 2 to 4 are of other types, and the others are null.
        for function in [8, 9, i32::MAX, i32::MIN, -1, 1, 5, 7, 2, 3, 4] {
            let program = Running::start(&engine, CODE, EXPORTS);
            let trap = trap(program.call("spawn", &[function, 5]));
            assert!(functions(&trap).contains(&"entry"), "{trap:?}");
            assert_eq!(program.host.log(), [], "nothing has started");
        }
    });
}

#[test]
fn element_zero_is_one_like_any_other() {
    watched(|| {
        let program = Running::start(&engine(2), CODE, EXPORTS);
        assert!(program.call("spawn", &[0, 7]).expect("no trap") >= 1);
        until(|| program.host.sorted_values() == [7]);
    });
}

#[test]
fn the_argument_is_passed_unchanged() {
    watched(|| {
        let program = Running::start(&engine(2), CODE, EXPORTS);
        let arguments = [i32::MIN, i32::MIN + 1, -65_536, -1, 0, 1, 255, 0x1234_5678, i32::MAX];
        for argument in arguments {
            program.call("spawn", &[0, argument]).expect("no trap");
        }
        until(|| program.host.sorted_values() == arguments);
    });
}

#[test]
fn the_first_thread_has_index_one_and_every_call_gets_it_back() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for _ in 0..50 {
                let program = Running::start(&engine, CODE, EXPORTS);
                let indices: Vec<_> = (0..20).map(|_| program.call("index", &[]).expect("no trap")).collect();
                assert_eq!(indices, [1; 20], "{workers} workers");
            }
        }
    });
}

#[test]
fn the_index_freed_last_is_given_out_first() {
    watched(|| {
        // A child waits at the gate that its argument names. On a single worker, one that is let through runs to its end
        // while the call yields, unless it is interrupted there, which is rare: then all is done again.
        const CODE: &str = "(func $child (type $start) (param $gate i32) (drop (call $receive (local.get $gate))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func $start_child (type $start) (param $gate i32) (call $log (call $spawn (i32.const 0) (local.get $gate))))
            (func $release (type $start) (param $gate i32)
                (call $send (local.get $gate) (i32.const 0))
                (call $yield)
                (call $yield))
            (func (export \"run\") (type $void)
                (call $start_child (i32.const 1))
                (call $start_child (i32.const 2))
                (call $start_child (i32.const 3))
                (call $start_child (i32.const 4))
                (call $yield)
                (call $release (i32.const 3))
                (call $release (i32.const 1))
                (call $release (i32.const 4))
                (call $start_child (i32.const 5))
                (call $start_child (i32.const 5))
                (call $start_child (i32.const 5))
                (call $start_child (i32.const 5)))";
        let engine = engine(1);
        let observe = || {
            let program = Running::start(&engine, CODE, &[("run", "")]);
            program.call("run", &[]).expect("no trap");
            let log = program.host.log();
            log.into_iter().map(|(_, index)| index).collect::<Vec<_>>()
        };
        let expected = [2, 3, 4, 5, 5, 2, 4, 6];
        assert!(
            (0..20).any(|_| observe() == expected),
            "{:?} instead of {expected:?}",
            observe()
        );
    });
}

#[test]
fn a_child_never_runs_inside_of_the_spawn() {
    watched(|| {
        // The child goes on only when the parent has: it spins, so that no wait can switch to the parent.
        const CODE: &str = "(func $child (type $start) (param i32)
                (loop $spin (br_if $spin (i32.eqz (i32.atomic.load (i32.const 64)))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void)
                (i32.atomic.store (i32.const 0) (i32.const 0))
                (i32.atomic.store (i32.const 64) (i32.const 0))
                (drop (call $spawn (i32.const 0) (i32.const 0)))
                (i32.atomic.store (i32.const 64) (i32.const 1))
                (call $join (i32.const 1)))";
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "")]);
            for _ in 0..200 {
                program.call("run", &[]).expect("no trap");
            }
        }
    });
}

#[test]
fn a_child_runs_although_its_parent_never_waits() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param i32) (i32.atomic.store (i32.const 64) (i32.const 1)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void)
                (i32.atomic.store (i32.const 64) (i32.const 0))
                (drop (call $spawn (i32.const 0) (i32.const 0)))
                (loop $spin (br_if $spin (i32.eqz (i32.atomic.load (i32.const 64))))))";
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "")]);
            for _ in 0..20 {
                program.call("run", &[]).expect("no trap");
            }
        }
    });
}

#[test]
fn a_spawn_beyond_the_limit_gives_zero_and_does_nothing_else() {
    watched(|| {
        // `spawn_at_last` spawns when another thread has ended, and gives its own index and the child's.
        let code = format!(
            "{CODE} (func (export \"spawn-at-last\") (type $unary) (param $argument i32) (result i32) (local $child i32)
                (loop $again
                    (local.set $child (call $spawn (i32.const 0) (local.get $argument)))
                    (call $yield)
                    (br_if $again (i32.eqz (local.get $child))))
                (i32.add (i32.mul (i32.const 10) (call $index)) (local.get $child)))"
        );
        let exports = [EXPORTS, &[("spawn-at-last", "(param \"argument\" s32) (result s32)")]].concat();
        for workers in WORKERS {
            let engine = engine_with(workers, |config| {
                config.max_threads(3);
            });
            let program = Running::start(&engine, &code, &exports);
            let spawn = |argument| program.call("spawn", &[0, argument]).expect("no trap");
            assert_eq!([spawn(10), spawn(11)], [2, 3]);
            for _ in 0..100 {
                assert_eq!(spawn(-1), 0, "the call itself is the third thread");
            }
            let refused = program.instance.metrics().spawn_refusals;
            assert_eq!([refused.by_limit, refused.by_system, refused.by_profile], [100, 0, 0]);
            for argument in 12..50 {
                program.host.send(1, 0);
                // No index has been lost: the call and the child have two of the first three.
                let both = program.call("spawn-at-last", &[argument]).expect("no trap");
                assert!([12, 13, 21, 23, 31, 32].contains(&both), "{both}");
                assert_eq!(spawn(-1), 0);
            }
            until(|| program.host.log().len() == 40);
            assert_eq!(program.host.sorted_values(), (10..50).collect::<Vec<_>>());
        }
    });
}

#[test]
fn the_limit_holds_while_threads_come_and_go() {
    watched(|| {
        // Each of the calls' children spawns, too, and all of them end. Chance decides which spawns are refused, but not
        // how many children are alive at once. A child that was started counts up at 64 and finishes; a refused spawn counts at 68.
        const CODE: &str = "(func $enter (type $start) (param $depth i32)
                (local $alive i32)
                (local.set $alive (i32.add (i32.atomic.rmw.add (i32.const 64) (i32.const 1)) (i32.const 1)))
                (if (i32.gt_s (local.get $alive) (i32.const 7)) (then unreachable))
                (call $yield)
                (if (local.get $depth) (then
                    (call $more (i32.sub (local.get $depth) (i32.const 1)))
                    (call $more (i32.sub (local.get $depth) (i32.const 1)))))
                (drop (i32.atomic.rmw.sub (i32.const 64) (i32.const 1)))
                (call $finish))
            (func $more (type $start) (param $depth i32)
                (if (i32.eqz (call $spawn (i32.const 0) (local.get $depth)))
                    (then (call $finish_all (local.get $depth)))))
            ;; A refused thread and all that it would have spawned count as finished.
            (func $finish_all (type $start) (param $depth i32) (local $left i32)
                (local.set $left (i32.sub (i32.shl (i32.const 2) (local.get $depth)) (i32.const 1)))
                (loop $each
                    (call $finish)
                    (br_if $each (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $enter))
            (func (export \"run\") (type $void)
                (i32.atomic.store (i32.const 0) (i32.const 0))
                (call $more (i32.const 5))
                (call $join (i32.const 63)))";
        for workers in WORKERS {
            let engine = engine_with(workers, |config| {
                config.max_threads(8);
            });
            let program = Running::start(&engine, CODE, &[("run", "")]);
            for _ in 0..100 {
                program
                    .call("run", &[])
                    .expect("at most seven children are alive at once");
            }
        }
    });
}

#[test]
fn a_start_function_can_spawn() {
    watched(|| {
        let code = format!(
            "{CODE} (func $begin (type $void) (drop (call $spawn (i32.const 0) (i32.const 9)))) (start $begin)"
        );
        for workers in WORKERS {
            let program = Program {
                code: &code,
                exports: EXPORTS,
                ..Program::default()
            };
            let program = Running::new(&component(&engine(workers), &program.text()));
            until(|| program.host.sorted_values() == [9]);
        }
    });
}
