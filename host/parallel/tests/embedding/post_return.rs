//! `post-return` functions run on the thread of the call, and must not leave the component instance.

use crate::support::{Program, Running, component, engine, engine_with, functions, trap, watched};

/// A call does `$how` in its `post-return` function.
const CODE: &str = r#"
    (func (export "run") (type $unary) (param $how i32) (result i32)
        (call $set0 (i32.const 70))
        (call $set1 (i32.const 71))
        (local.get $how))
    (func $after (export "after") (type $start) (param $how i32)
        (if (i32.eq (local.get $how) (i32.const 0)) (then
            (call $note (call $get0)) (call $note (call $get1)) (call $note (call $parallelism))
            (call $set0 (i32.const 1))))
        (if (i32.eq (local.get $how) (i32.const 1)) (then (drop (call $index))))
        (if (i32.eq (local.get $how) (i32.const 2)) (then (drop (call $spawn (i32.const 0) (i32.const 0)))))
        ;; None of the others looks at its operands first.
        (if (i32.eq (local.get $how) (i32.const 3)) (then (drop (call $spawn (i32.const 7) (i32.const 0)))))
        (if (i32.eq (local.get $how) (i32.const 4)) (then (drop (call $spawn_ref (ref.null $start) (i32.const 0)))))
        (if (i32.eq (local.get $how) (i32.const 5)) (then (drop (call $new (i32.const 7) (i32.const 0)))))
        (if (i32.eq (local.get $how) (i32.const 6)) (then (call $resume_later (i32.const 99))))
        (if (i32.eq (local.get $how) (i32.const 7)) (then (drop (call $suspend))))
        (if (i32.eq (local.get $how) (i32.const 8)) (then (drop (call $yield_thread))))
        (if (i32.eq (local.get $how) (i32.const 9)) (then (drop (call $suspend_then_resume (i32.const 99)))))
        (if (i32.eq (local.get $how) (i32.const 10)) (then (drop (call $yield_then_resume (i32.const 99)))))
        (if (i32.eq (local.get $how) (i32.const 11)) (then (drop (call $suspend_then_promote (i32.const 99)))))
        (if (i32.eq (local.get $how) (i32.const 12)) (then (drop (call $yield_then_promote (i32.const 99))))))
    (func $note (type $start) (param $value i32)
        (i32.store
            (i32.add (i32.const 64) (i32.shl (i32.atomic.rmw.add (i32.const 60) (i32.const 1)) (i32.const 2)))
            (local.get $value)))
    (func $child (type $start) (param i32) (call $log (i32.const 1)))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func (export "noted") (type $unary) (param $n i32) (result i32)
        (i32.load (i32.add (i32.const 64) (i32.shl (local.get $n) (i32.const 2)))))
"#;

fn text() -> String {
    let text = Program {
        code: CODE,
        exports: &[
            ("run", "(param \"how\" s32) (result s32)"),
            ("noted", "(param \"n\" s32) (result s32)"),
        ],
        ..Program::default()
    }
    .text();
    text.replace(
        "(canon lift (core func $main \"run\"))",
        "(canon lift (core func $main \"run\") (post-return (func $main \"after\")))",
    )
}

#[test]
fn a_post_return_function_sees_the_slots_of_its_call() {
    watched(|| {
        let engine = engine(3);
        let program = Running::new(&component(&engine, &text()));
        for round in 0..3 {
            assert_eq!(program.call("run", &[0]).expect("no trap"), 0);
            for (n, expected) in [(0, 70), (1, 71), (2, 3)] {
                assert_eq!(program.call("noted", &[3 * round + n]).expect("no trap"), expected);
            }
        }
    });
}

#[test]
fn a_post_return_function_can_call_no_other_thread_built_in() {
    watched(|| {
        let deterministic = engine_with(1, |config| {
            config.deterministic(true);
        });
        for engine in [engine(2), deterministic] {
            let component = component(&engine, &text());
            for how in 1..=12 {
                let program = Running::new(&component);
                let trap = trap(program.call("run", &[how]));
                assert_eq!(trap.message(), "cannot leave component instance", "{how}");
                assert!(functions(&trap).contains(&"after"), "{how}: {trap:?}");
                assert_eq!(program.host.log(), []);
            }
        }
    });
}
