//! The touched pages of threads' stacks count against the program's limit of memory.

use weft_parallel::{Config, Engine, Error, Interruption};

use crate::support::{Program, Running, component, engine_with, trap, watched};

const MIB: u64 = 1 << 20;

/// `spawn` starts so many threads, has all of them recurse so deeply, and waits until each of them waits for ever: at the bottom, or when
/// it has returned. If `each`, it waits for the end of one before it starts the next. Each frame takes some 50 bytes.
fn recursion(waits_at_the_bottom: bool) -> String {
    const WAIT: &str = "(call $finish) (drop (call $receive (i32.const 0)))";
    let (bottom, top) = if waits_at_the_bottom { (WAIT, "") } else { ("", WAIT) };
    format!(
        r#"(func $deep (type $unary) (param $n i32) (result i32)
            (if (result i32) (local.get $n)
                (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $n) (i32.const 1)))))
                (else {bottom} (i32.const 0))))
        (func $child (type $start) (param $n i32)
            ;; A spawn must not be what meets the limit.
            (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
            (drop (call $deep (local.get $n)))
            {top})
        (func $passing (type $start) (param $n i32)
            (drop (call $deep (local.get $n)))
            (call $finish))
        (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child) (ref.func $passing))
        (func (export "spawn") (type $ternary) (param $threads i32) (param $n i32) (param $each i32) (result i32) (local $left i32)
            (local.set $left (local.get $threads))
            (loop $next
                (if (i32.eqz (call $spawn (local.get $each) (local.get $n))) (then (return (local.get $left))))
                (if (local.get $each)
                    (then (call $join (i32.sub (local.get $threads) (i32.sub (local.get $left) (i32.const 1))))))
                (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
            (i32.atomic.store (i32.const 8) (i32.const 1))
            (drop (memory.atomic.notify (i32.const 8) (i32.const -1)))
            (if (i32.eqz (local.get $each)) (then (call $join (local.get $threads))))
            (i32.const 0))"#
    )
}

const EXPORTS: &[(&str, &str)] = &[(
    "spawn",
    "(param \"threads\" s32) (param \"frames\" s32) (param \"each\" s32) (result s32)",
)];

fn start(engine: &Engine, waits_at_the_bottom: bool) -> Running {
    let program = Program {
        code: &recursion(waits_at_the_bottom),
        exports: EXPORTS,
        memory: "1 1",
        ..Program::default()
    };
    Running::new(&component(engine, &program.text()))
}

/// More than half a megabyte.
const FRAMES: i32 = 20_000;

#[test]
#[cfg(target_os = "linux")]
fn threads_that_were_deep_and_wait_do_not_exceed_the_limit() {
    watched(|| {
        for interruption in [Interruption::Signal, Interruption::Epochs] {
            let engine = engine_with(2, |config| {
                config.max_memory(64 * MIB).interruption(interruption);
            });
            for waits_at_the_bottom in [true, false] {
                let program = start(&engine, waits_at_the_bottom);
                let trap = trap(program.call("spawn", &[2000, FRAMES, 0]));
                assert!(trap.thread().is_some_and(|thread| thread > 1), "{trap:?}");
                let message = trap.message();
                assert!(message.contains("the thread's stack takes"), "{message}");
                assert!(message.contains("`--max-memory`"), "{message}");
                assert_eq!(trap.code(), None);
            }
        }
    });
}

#[test]
fn stacks_that_fit_the_limit_are_not_in_the_way() {
    watched(|| {
        let engine = engine_with(2, |config| {
            config.max_memory(64 * MIB);
        });
        for waits_at_the_bottom in [true, false] {
            let program = start(&engine, waits_at_the_bottom);
            assert_eq!(program.call("spawn", &[20, FRAMES, 0]).expect("20 MiB at most"), 0);
        }
    });
}

#[test]
fn a_thread_that_has_ended_gives_back_its_stack() {
    watched(|| {
        let engine = engine_with(2, |config| {
            config.max_memory(16 * MIB);
        });
        let program = start(&engine, false);
        // Half a gigabyte, one after the other.
        assert_eq!(
            program.call("spawn", &[1000, FRAMES, 1]).expect("a megabyte at a time"),
            0
        );
    });
}

#[test]
fn the_limit_is_of_each_program() {
    watched(|| {
        let engine = engine_with(2, |config| {
            config.max_memory(32 * MIB);
        });
        // Together they need more.
        let programs: Vec<_> = (0..4).map(|_| start(&engine, true)).collect();
        for program in &programs {
            assert_eq!(program.call("spawn", &[12, FRAMES, 0]).expect("12 MiB at most"), 0);
        }
    });
}

#[test]
fn sizes_of_stacks_that_cannot_work_are_refused_by_name() {
    for bytes in [0, 4095, (1 << 40) + 1, usize::MAX] {
        match Engine::new(Config::new().max_wasm_stack(bytes)).err() {
            Some(Error::Limit(message)) => assert!(message.contains("`Config::max_wasm_stack`"), "{message}"),
            other => panic!("{bytes}: {other:?}"),
        }
    }
}
