//! Shared memories: growth, limits, initialization that happens once, several memories.

use weft_parallel::{Component, Error, Linker, Val};

use crate::support::{Host, Program, Running, WORKERS, component, engine, engine_with, linker, trap, until, watched};

/// `grow`, `size`, and a child that waits at gate 0, then logs the size and what is in the last word of the memory.
const GROWTH: &str = r#"
    (func (export "grow") (type $unary) (param $pages i32) (result i32) (memory.grow (local.get $pages)))
    (func (export "size") (type $get) (memory.size))
    (func (export "write-last") (type $start) (param $value i32)
        (i32.atomic.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) (local.get $value)))
    (func $child (type $start) (param $grow i32)
        (drop (call $receive (i32.const 0)))
        (if (local.get $grow) (then (drop (memory.grow (local.get $grow)))))
        (call $log (memory.size))
        (call $log (i32.atomic.load (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func (export "spawn") (type $unary) (param $grow i32) (result i32) (call $spawn (i32.const 0) (local.get $grow)))
"#;

const GROWTH_EXPORTS: &[(&str, &str)] = &[
    ("grow", "(param \"pages\" s32) (result s32)"),
    ("size", "(result s32)"),
    ("write-last", "(param \"value\" s32)"),
    ("spawn", "(param \"grow\" s32) (result s32)"),
];

#[test]
fn growth_is_seen_by_all_threads() {
    watched(|| {
        for workers in WORKERS {
            let program = Running::start(&engine(workers), GROWTH, GROWTH_EXPORTS);
            let call = |name, arguments: &[i32]| program.call(name, arguments).expect("no trap");
            for _ in 0..3 {
                call("spawn", &[0]);
            }
            assert_eq!(call("grow", &[4]), 1);
            call("write-last", &[77]);
            for _ in 0..3 {
                program.host.send(0, 0);
            }
            until(|| program.host.sorted_values() == [5, 5, 5, 77, 77, 77]);
            // And growth by a child is seen by calls.
            call("spawn", &[2]);
            program.host.send(0, 0);
            until(|| program.host.log().len() == 8);
            assert_eq!(call("size", &[]), 7);
            call("write-last", &[78]);
        }
    });
}

#[test]
fn memories_grow_no_further_than_declared_or_allowed() {
    watched(|| {
        let declared = Running::start(&engine(2), GROWTH, GROWTH_EXPORTS);
        let bounded = engine_with(2, |config| {
            config.max_memory(4 * 65_536);
        });
        let bounded = Running::start(&bounded, GROWTH, GROWTH_EXPORTS);
        for (program, limit) in [(declared, 16), (bounded, 4)] {
            let grow = |pages| program.call("grow", &[pages]).expect("no trap");
            assert_eq!(grow(limit), -1);
            assert_eq!(grow(-1), -1);
            assert_eq!(grow(65_536), -1);
            assert_eq!(grow(limit - 1), 1);
            assert_eq!(grow(0), limit);
            assert_eq!(grow(1), -1);
            assert_eq!(program.call("size", &[]).expect("no trap"), limit);
        }
    });
}

#[test]
fn a_memory_that_starts_beyond_the_limit_is_refused() {
    watched(|| {
        let engine = engine_with(1, |config| {
            config.max_memory(4 * 65_536);
        });
        let program = Program {
            memory: "5 16",
            ..Program::default()
        };
        let component = component(&engine, &program.text());
        let outcome = linker(&engine).instantiate(&component, Host::new());
        assert!(matches!(outcome.err(), Some(Error::Limit(_))));
    });
}

#[test]
fn concurrent_growth_gives_each_page_once() {
    watched(|| {
        const CODE: &str = r#"
            (func $child (type $start) (param i32) (local $old i32)
                (loop $again
                    (local.set $old (memory.grow (i32.const 1)))
                    (call $log (local.get $old))
                    (if (i32.ne (local.get $old) (i32.const -1)) (then
                        ;; The new page is there, and is zero.
                        (if (i32.atomic.rmw.add offset=65532 (i32.shl (local.get $old) (i32.const 16)) (i32.const 1))
                            (then unreachable))
                        (br $again))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export "run") (type $get) (local $n i32)
                (local.set $n (i32.const 8))
                (loop $each
                    (drop (call $spawn (i32.const 0) (i32.const 0)))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (call $join (i32.const 8))
                (memory.size))
        "#;
        for workers in WORKERS {
            let engine = engine(workers);
            let program = Program {
                code: CODE,
                exports: &[("run", "(result s32)")],
                memory: "1 200",
                ..Program::default()
            };
            let component = component(&engine, &program.text());
            for _ in 0..5 {
                let program = Running::new(&component);
                assert_eq!(program.call("run", &[]).expect("each page is one thread's"), 200);
                let expected: Vec<i32> = std::iter::repeat_n(-1, 8).chain(1..200).collect();
                assert_eq!(program.host.sorted_values(), expected);
            }
        }
    });
}

#[test]
fn data_segments_and_start_functions_run_once() {
    watched(|| {
        const CODE: &str = r#"
            (data (i32.const 64) "\07\00\00\00")
            (func $begin (type $void)
                (call $log (i32.const -1))
                (i32.atomic.store (i32.const 64) (i32.mul (i32.atomic.load (i32.const 64)) (i32.const 3))))
            (start $begin)
            (func $child (type $start) (param i32)
                (call $log (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
                (call $finish)
                (drop (call $receive (i32.const 0))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export "run") (type $get) (local $n i32)
                (local.set $n (i32.const 50))
                (loop $each
                    (drop (call $spawn (i32.const 0) (i32.const 0)))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (call $join (i32.const 50))
                (i32.atomic.load (i32.const 64)))
        "#;
        for workers in WORKERS {
            let engine = engine(workers);
            let program = Program {
                code: CODE,
                exports: &[("run", "(result s32)")],
                ..Program::default()
            };
            let component = component(&engine, &program.text());
            // Each instance has a memory of its own.
            let programs = [Running::new(&component), Running::new(&component)];
            for program in &programs {
                assert_eq!(program.call("run", &[]).expect("no trap"), 71);
                let expected: Vec<i32> = std::iter::once(-1).chain(21..71).collect();
                assert_eq!(program.host.sorted_values(), expected);
            }
        }
    });
}

/// Two memories, and the second one a second time under another index.
const TWO_MEMORIES: &str = r#"(component
    (core module $state
        (memory (export "a") 1 2 shared)
        (memory (export "b") 1 2 shared)
        (table (export "table") shared 2 2 (ref null (shared func))))
    (core instance $state (instantiate $state))
    (alias core export $state "table" (core table $table))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start $table))
    (core instance $thread (export "spawn" (func $spawn)))
    (core module $main
        (type $start (shared (func (param i32))))
        (type $get (shared (func (result i32))))
        (type $unary (shared (func (param i32) (result i32))))
        (type $binary (shared (func (param i32 i32) (result i32))))
        (import "state" "a" (memory $a 1 2 shared))
        (import "state" "b" (memory $b 1 2 shared))
        (import "again" "b" (memory $b_again 1 2 shared))
        (import "state" "table" (table $table shared 2 2 (ref null (shared func))))
        (import "thread" "spawn" (func $spawn (type $binary)))
        (data (memory $a) (i32.const 64) "\01")
        (data (memory $b) (i32.const 64) "\02")
        (func $child (type $start) (param $expected i32)
            (i32.atomic.store $a (i32.const 128)
                (i32.add (i32.const 10) (memory.atomic.wait32 $b (i32.const 64) (local.get $expected) (i64.const -1)))))
        (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
        (func (export "spawn") (type $unary) (param $expected i32) (result i32)
            (call $spawn (i32.const 0) (local.get $expected)))
        (func (export "result") (type $get) (i32.atomic.load $a (i32.const 128)))
        (func (export "wait_a") (type $unary) (param $expected i32) (result i32)
            (memory.atomic.wait32 $a (i32.const 64) (local.get $expected) (i64.const 0)))
        (func (export "wait_b") (type $unary) (param $expected i32) (result i32)
            (memory.atomic.wait32 $b (i32.const 64) (local.get $expected) (i64.const 0)))
        (func (export "notify_a") (type $get) (memory.atomic.notify $a (i32.const 64) (i32.const -1)))
        (func (export "notify_b_again") (type $get) (memory.atomic.notify $b_again (i32.const 64) (i32.const -1)))
        (func (export "grow_b") (type $get) (memory.grow $b (i32.const 1)))
        (func (export "sizes") (type $get)
            (i32.add (i32.mul (memory.size $a) (i32.const 100)) (i32.add (i32.mul (memory.size $b) (i32.const 10))
                (memory.size $b_again)))))
    (core instance $main (instantiate $main (with "state" (instance $state)) (with "again" (instance $state)) (with "thread" (instance $thread))))
    (func (export "spawn") (param "n" s32) (result s32) (canon lift (core func $main "spawn")))
    (func (export "result") (result s32) (canon lift (core func $main "result")))
    (func (export "wait-a") (param "n" s32) (result s32) (canon lift (core func $main "wait_a")))
    (func (export "wait-b") (param "n" s32) (result s32) (canon lift (core func $main "wait_b")))
    (func (export "notify-a") (result s32) (canon lift (core func $main "notify_a")))
    (func (export "notify-b-again") (result s32) (canon lift (core func $main "notify_b_again")))
    (func (export "grow-b") (result s32) (canon lift (core func $main "grow_b")))
    (func (export "sizes") (result s32) (canon lift (core func $main "sizes"))))"#;

#[test]
fn two_memories_are_not_confused() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let component = Component::new(&engine, TWO_MEMORIES.as_bytes()).expect("a valid component");
            let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
            let call = |name: &str, arguments: &[Val]| match instance.get_func(&[name]).expect(name).call(arguments) {
                Ok(Some(Val::S32(value))) => value,
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(call("wait-a", &[Val::S32(2)]), 1, "not equal");
            assert_eq!(call("wait-a", &[Val::S32(1)]), 2, "timed out");
            assert_eq!(call("wait-b", &[Val::S32(1)]), 1, "not equal");
            assert_eq!(call("wait-b", &[Val::S32(2)]), 2, "timed out");
            call("spawn", &[Val::S32(2)]);
            for _ in 0..100 {
                assert_eq!(call("notify-a", &[]), 0, "the child waits on the other memory");
            }
            until(|| call("notify-b-again", &[]) == 1);
            until(|| call("result", &[]) == 10);
            assert_eq!(call("grow-b", &[]), 1);
            assert_eq!(call("sizes", &[]), 122);
        }
    });
}

#[test]
fn an_unshared_memory_is_not_waited_on() {
    watched(|| {
        const COMPONENT: &str = r#"(component
            (core module $m
                (memory 1)
                (func (export "wait") (result i32)
                    (memory.atomic.wait32 (i32.const 64) (i32.const 1) (i64.const 0)))
                (func (export "notify") (result i32) (memory.atomic.notify (i32.const 64) (i32.const 1))))
            (core instance $i (instantiate $m))
            (func (export "wait") (result s32) (canon lift (core func $i "wait")))
            (func (export "notify") (result s32) (canon lift (core func $i "notify"))))"#;
        let engine = engine(1);
        let component = Component::new(&engine, COMPONENT.as_bytes()).expect("a valid component");
        let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
        let call = |name: &str| instance.get_func(&[name]).expect(name).call(&[]);
        assert_eq!(call("notify").expect("no trap"), Some(Val::S32(0)));
        trap(call("wait"));
    });
}

#[test]
fn the_limit_holds_for_tables_that_change_and_the_memory_together() {
    watched(|| {
        // The memory has one page, and a table one or two.
        const CODE: &str = "(func (export \"grow\") (type $unary) (param $by i32) (result i32)
            (table.grow $table (ref.null (shared func)) (local.get $by)))";
        let text = |minimum: u32| {
            let program = Program {
                code: CODE,
                exports: &[("grow", "(param \"by\" s32) (result s32)")],
                memory: "1 1",
                ..Program::default()
            };
            let limits = format!("shared {minimum} 1000000 (ref");
            program.text().replace("shared 8 8 (ref", &limits)
        };
        let engine = engine_with(2, |config| {
            config.max_memory(3 * 65_536);
        });
        let small = Running::new(&component(&engine, &text(8)));
        assert_eq!(small.call("grow", &[1_000]).expect("no trap"), 8);
        assert_eq!(small.call("grow", &[100_000]).expect("no trap"), -1);
        let large = Running::new(&component(&engine, &text(20_000)));
        assert_eq!(large.call("grow", &[0]).expect("no trap"), 20_000);
        assert_eq!(large.call("grow", &[100_000]).expect("no trap"), -1);
        let outcome = linker(&engine).instantiate(&component(&engine, &text(100_000)), Host::new());
        assert!(matches!(outcome.err(), Some(Error::Limit(_))));
    });
}
