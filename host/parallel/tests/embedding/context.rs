//! `context.get` and `context.set`: two slots for each thread, zero when it starts.

use crate::support::{Running, WORKERS, engine, until, watched};

/// Logs whether both slots are zero (0) or not (1), and sets them.
const ENTER: &str = "(func $enter (type $start) (param $value i32)
        (call $log (i32.ne (i32.const 0) (i32.or (call $get0) (call $get1))))
        (call $set0 (local.get $value))
        (call $set1 (i32.xor (local.get $value) (i32.const -1))))
    ;; Traps if the slots are not those that `$enter` set.
    (func $check (type $start) (param $value i32)
        (if (i32.ne (call $get0) (local.get $value)) (then unreachable))
        (if (i32.ne (call $get1) (i32.xor (local.get $value) (i32.const -1))) (then unreachable)))";

#[test]
fn slots_are_zero_at_each_call_of_an_export() {
    watched(|| {
        let code = format!(
            "{ENTER} (func (export \"run\") (type $start) (param $value i32)
                (call $enter (local.get $value)) (call $yield) (call $check (local.get $value)))"
        );
        for workers in WORKERS {
            let program = Running::start(&engine(workers), &code, &[("run", "(param \"value\" s32)")]);
            for value in 1..100 {
                program.call("run", &[value]).expect("the slots keep their values");
            }
            assert_eq!(program.host.sorted_values(), [0; 99]);
        }
    });
}

#[test]
fn slots_of_a_child_are_zero_whatever_its_parent_holds() {
    watched(|| {
        let code = format!(
            "{ENTER} (func $child (type $start) (param $value i32)
                (call $enter (local.get $value))
                (if (i32.gt_s (local.get $value) (i32.const 1)) (then
                    (drop (call $spawn (i32.const 0) (i32.sub (local.get $value) (i32.const 1))))))
                (call $yield)
                (call $check (local.get $value))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void)
                (call $enter (i32.const 1000))
                (drop (call $spawn (i32.const 0) (i32.const 100)))
                (call $join (i32.const 100))
                (call $check (i32.const 1000)))"
        );
        for workers in WORKERS {
            let program = Running::start(&engine(workers), &code, &[("run", "")]);
            program.call("run", &[]).expect("the slots keep their values");
            assert_eq!(program.host.sorted_values(), [0; 101]);
        }
    });
}

#[test]
fn each_of_many_threads_has_its_own_slots() {
    watched(|| {
        // All set their slots before any of them looks at its own again, and again after each of some yields.
        let code = format!(
            "{ENTER} (func $child (type $start) (param $value i32) (local $round i32)
                (call $enter (local.get $value))
                (call $finish)
                (call $join (i32.const 200))
                (local.set $round (i32.const 50))
                (loop $again
                    (call $check (local.get $value))
                    (call $enter_again (i32.xor (local.get $value) (local.get $round)))
                    (call $yield)
                    (call $check (i32.xor (local.get $value) (local.get $round)))
                    (call $enter_again (local.get $value))
                    (br_if $again (local.tee $round (i32.sub (local.get $round) (i32.const 1)))))
                (call $send (i32.const 0) (i32.const 0)))
            (func $enter_again (type $start) (param $value i32)
                (call $set0 (local.get $value))
                (call $set1 (i32.xor (local.get $value) (i32.const -1))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void) (local $n i32)
                (local.set $n (i32.const 200))
                (call $enter (local.get $n))
                (loop $each
                    (drop (call $spawn (i32.const 0) (local.get $n)))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (call $join (i32.const 200))
                (local.set $n (i32.const 200))
                (loop $each
                    (drop (call $receive (i32.const 0)))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (call $check (i32.const 200)))"
        );
        for workers in WORKERS {
            let program = Running::start(&engine(workers), &code, &[("run", "")]);
            program.call("run", &[]).expect("the slots keep their values");
            assert_eq!(program.host.sorted_values(), [0; 201]);
        }
    });
}

#[test]
fn slots_end_with_their_thread() {
    watched(|| {
        // Indices, and what the runtime keeps for threads, are used again and again.
        let code = format!(
            "{ENTER} (func $child (type $start) (param $value i32)
                (call $enter (local.get $value)) (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $start) (param $value i32)
                (call $enter (local.get $value))
                (i32.atomic.store (i32.const 0) (i32.const 0))
                (drop (call $spawn (i32.const 0) (local.get $value)))
                (drop (call $spawn (i32.const 0) (local.get $value)))
                (call $join (i32.const 2))
                (call $check (local.get $value)))"
        );
        for workers in WORKERS {
            let program = Running::start(&engine(workers), &code, &[("run", "(param \"value\" s32)")]);
            for value in 1..300 {
                program.call("run", &[value]).expect("the slots keep their values");
            }
            assert_eq!(program.host.sorted_values(), [0; 3 * 299]);
        }
    });
}

#[test]
fn a_start_function_has_slots_of_its_own() {
    watched(|| {
        let code = format!(
            "{ENTER} (func $begin (type $void)
                (call $enter (i32.const 5)) (call $yield) (call $check (i32.const 5))
                (drop (call $spawn (i32.const 0) (i32.const 6))))
            (start $begin)
            (func $child (type $start) (param $value i32) (call $enter (local.get $value)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void) (call $enter (i32.const 7)))"
        );
        for workers in WORKERS {
            let program = Running::start(&engine(workers), &code, &[("run", "")]);
            program.call("run", &[]).expect("no trap");
            until(|| program.host.log().len() == 3);
            assert_eq!(program.host.sorted_values(), [0; 3]);
        }
    });
}
