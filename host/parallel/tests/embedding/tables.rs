//! Shared tables that change: growing one by millions of elements does not block other threads.

use crate::support::{Running, WORKERS, engine, watched};

#[test]
fn threads_run_while_another_grows_a_table() {
    watched(|| {
        // With one worker the child runs only where the parent pauses, and the parent does nothing else behind the spawn.
        const CODE: &str = r#"
            (table $large shared 0 20_000_000 (ref null (shared func)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func $child (type $start) (param i32) (i32.atomic.store (i32.const 8) (i32.const 1)))
            (func (export "run") (type $get) (result i32)
                (drop (call $spawn (i32.const 0) (i32.const 0)))
                (drop (table.grow $large (ref.func $child) (i32.const 20_000_000)))
                (i32.atomic.load (i32.const 8)))
            (func (export "last") (type $get) (result i32)
                (ref.is_null (table.get $large (i32.const 19_999_999))))"#;
        for workers in WORKERS {
            let exports = [("run", "(result s32)"), ("last", "(result s32)")];
            let program = Running::start(&engine(workers), CODE, &exports);
            assert_eq!(program.call("run", &[]).expect("no trap"), 1);
            assert_eq!(program.call("last", &[]).expect("no trap"), 0);
        }
    });
}

/// Children grow one table, pausing in the midst of it, and each finds its own elements where it began.
#[test]
fn growing_of_several_threads_does_not_overlap() {
    watched(|| {
        const CODE: &str = r#"
            (table $large shared 0 20_000_000 (ref null (shared func)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func $child (type $start) (param $number i32) (local $from i32)
                (local.set $from (table.grow $large
                    (if (result (ref null (shared func))) (i32.and (local.get $number) (i32.const 1))
                        (then (ref.func $child))
                        (else (ref.null (shared func))))
                    (i32.const 600_000)))
                (if (i32.ne (i32.and (local.get $number) (i32.const 1))
                        (i32.eqz (ref.is_null (table.get $large (local.get $from)))))
                    (then unreachable))
                (if (i32.ne (i32.and (local.get $number) (i32.const 1))
                        (i32.eqz (ref.is_null (table.get $large (i32.add (local.get $from) (i32.const 599_999))))))
                    (then unreachable))
                (call $finish))
            (func (export "run") (type $get) (result i32) (local $number i32)
                (loop $each
                    (drop (call $spawn (i32.const 0) (local.get $number)))
                    (local.set $number (i32.add (local.get $number) (i32.const 1)))
                    (br_if $each (i32.ne (local.get $number) (i32.const 20))))
                (call $join (i32.const 20))
                (table.size $large))"#;
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "(result s32)")]);
            assert_eq!(program.call("run", &[]).expect("no trap"), 12_000_000);
        }
    });
}
