//! Several core modules in one component: they share the memory, the table and, on each thread, the context slots.

use weft_parallel::{Component, Linker, Val};

use crate::support::{WORKERS, engine, until, watched};

/// `$first` and `$second` each have functions in the table. A child starts in `$first`, whose function calls `$second`'s
/// through an import and through the table; `$second` starts children in `$first`, notifies them, and defines a memory
/// of its own. Each module has a start function and data.
const COMPONENT: &str = r#"(component
    (core module $state
        (memory (export "memory") 1 2 shared)
        (table (export "table") shared 4 4 (ref null (shared func))))
    (core instance $state (instantiate $state))
    (alias core export $state "table" (core table $table))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start $table))
    (core func $get0 (canon context.get i32 0))
    (core func $set0 (canon context.set i32 0))
    (core func $get1 (canon context.get i32 1))
    (core func $set1 (canon context.set i32 1))
    (core instance $thread
        (export "spawn" (func $spawn))
        (export "get0" (func $get0)) (export "set0" (func $set0))
        (export "get1" (func $get1)) (export "set1" (func $set1)))

    (core module $second
        (type $void (shared (func)))
        (type $start (shared (func (param i32))))
        (type $get (shared (func (result i32))))
        (type $unary (shared (func (param i32) (result i32))))
        (type $binary (shared (func (param i32 i32) (result i32))))
        (import "state" "memory" (memory 1 2 shared))
        (import "state" "table" (table $table shared 4 4 (ref null (shared func))))
        (import "thread" "spawn" (func $spawn (type $binary)))
        (import "thread" "get0" (func $get0 (type $get)))
        (import "thread" "set1" (func $set1 (type $start)))
        (memory $own 1 1 shared)
        (data (memory $own) (i32.const 0) "\64")
        (data (i32.const 68) "\0a")
        (func $begin (type $void) (drop (i32.atomic.rmw.add (i32.const 68) (i32.const 1))))
        (start $begin)
        ;; Gives slot 0 plus its argument, and leaves that in slot 1.
        (func $add_slot (export "add_slot") (type $unary) (param $n i32) (result i32)
            (drop (i32.atomic.rmw.add $own (i32.const 0) (i32.const 1)))
            (call $set1 (i32.add (call $get0) (local.get $n)))
            (i32.add (call $get0) (local.get $n)))
        (elem (table $table) (i32.const 2) (ref null (shared func)) (ref.func $add_slot))
        (func (export "spawn") (type $unary) (param $n i32) (result i32) (call $spawn (i32.const 1) (local.get $n)))
        (func (export "notify") (type $get) (memory.atomic.notify (i32.const 96) (i32.const -1)))
        (func (export "calls") (type $get) (i32.atomic.load $own (i32.const 0)))
        (func (export "results") (type $get) (i32.atomic.load (i32.const 128)))
        (func (export "starts") (type $get)
            (i32.add (i32.mul (i32.const 100) (i32.load (i32.const 64))) (i32.load (i32.const 68)))))
    (core instance $second (instantiate $second (with "state" (instance $state)) (with "thread" (instance $thread))))

    (core module $first
        (type $void (shared (func)))
        (type $start (shared (func (param i32))))
        (type $get (shared (func (result i32))))
        (type $unary (shared (func (param i32) (result i32))))
        (import "state" "memory" (memory 1 2 shared))
        (import "state" "table" (table $table shared 4 4 (ref null (shared func))))
        (import "thread" "set0" (func $set0 (type $start)))
        (import "thread" "get1" (func $get1 (type $get)))
        (import "second" "add_slot" (func $add_slot (type $unary)))
        (data (i32.const 64) "\05")
        (func $begin (type $void) (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))))
        (start $begin)
        (func $child (type $start) (param $n i32)
            (call $set0 (i32.mul (local.get $n) (i32.const 1000)))
            (if (i32.ne (call $add_slot (i32.const 1)) (i32.add (i32.mul (local.get $n) (i32.const 1000)) (i32.const 1)))
                (then unreachable))
            (drop (memory.atomic.wait32 (i32.const 96) (i32.const 0) (i64.const -1)))
            (if (i32.ne (call $get1) (i32.add (i32.mul (local.get $n) (i32.const 1000)) (i32.const 1)))
                (then unreachable))
            (if (i32.ne (call_indirect $table (type $unary) (i32.const 2) (i32.const 2))
                        (i32.add (i32.mul (local.get $n) (i32.const 1000)) (i32.const 2)))
                (then unreachable))
            (if (i32.ne (call $get1) (i32.add (i32.mul (local.get $n) (i32.const 1000)) (i32.const 2)))
                (then unreachable))
            (drop (i32.atomic.rmw.add (i32.const 128) (i32.const 1))))
        (elem (table $table) (i32.const 1) (ref null (shared func)) (ref.func $child))
        (func (export "slots") (type $get)
            (call $set0 (i32.const 40))
            (drop (call $add_slot (i32.const 2)))
            (call $get1)))
    (core instance $first (instantiate $first
        (with "state" (instance $state)) (with "thread" (instance $thread)) (with "second" (instance $second))))

    (func (export "spawn") (param "n" s32) (result s32) (canon lift (core func $second "spawn")))
    (func (export "notify") (result s32) (canon lift (core func $second "notify")))
    (func (export "calls") (result s32) (canon lift (core func $second "calls")))
    (func (export "results") (result s32) (canon lift (core func $second "results")))
    (func (export "starts") (result s32) (canon lift (core func $second "starts")))
    (func (export "slots") (result s32) (canon lift (core func $first "slots"))))"#;

#[test]
fn modules_of_a_component_share_memory_table_and_slots() {
    watched(|| {
        const THREADS: i32 = 40;
        for workers in WORKERS {
            let engine = engine(workers);
            let component = Component::new(&engine, COMPONENT.as_bytes()).expect("a valid component");
            let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
            let call = |name: &str, arguments: &[Val]| match instance.get_func(&[name]).expect(name).call(arguments) {
                Ok(Some(Val::S32(value))) => value,
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(call("starts", &[]), 611, "each module's data and start function, once");
            assert_eq!(call("slots", &[]), 42);
            for round in 1..=5 {
                for n in 0..THREADS {
                    assert_ne!(call("spawn", &[Val::S32(n)]), 0);
                }
                let woken = std::cell::Cell::new(0);
                until(|| {
                    woken.set(woken.get() + call("notify", &[]));
                    woken.get() == THREADS
                });
                until(|| call("results", &[]) == round * THREADS);
                // The memory that the module has for itself is one for all threads, too. It starts with 100.
                assert_eq!(call("calls", &[]), 101 + 2 * round * THREADS);
            }
            assert_eq!(call("starts", &[]), 611);
        }
    });
}
