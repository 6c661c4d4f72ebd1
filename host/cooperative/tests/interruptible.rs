//! Long instructions become loops that check whether the guest has to end, and do the same as before.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wasmtime::component::{Linker, Val};
use wasmtime::{Config, Engine, Store, UpdateDeadline};
use weft_cooperative::weft_lower::{Component, Profile};
use weft_cooperative::{Error, call, compile_unshared, configure, in_tokio, instantiate};

/// A module with memories, tables, arrays and segments. `$n` is the argument of the function.
fn component(code: &str) -> String {
    let data = "\\01\\02\\03".repeat(100_000);
    let functions = "$one $two ".repeat(10_000);
    format!(
        r#"(component
            (core module $m
                (type $bytes (array (mut i8)))
                (type $functions (array (mut funcref)))
                (type $thunk (func (result i32)))
                (memory $memory 2048)
                (memory $wide i64 64)
                (memory $bytes 200000 (pagesize 1))
                (table $table 200000 funcref)
                (table $other 200000 funcref)
                (data $data "{data}")
                (elem $elements func {functions})
                (func $one (result i32) (i32.const 1))
                (func $two (result i32) (i32.const 2))
                (func $call (param i32) (result i32) (call_indirect $table (type $thunk) (local.get 0)))
                (func (export "f") (param $n i32) (result i32)
                    (local $bytes (ref null $bytes)) (local $more (ref null $bytes)) (local $functions (ref null $functions))
                    {code}))
            (core instance $i (instantiate $m))
            (func (export "f") (param "n" u32) (result u32) (canon lift (core func $i "f"))))"#
    )
}

/// Calls the function, and counts the checks in its code.
fn run(code: &str, n: u32, interruptible: bool) -> (Result<Vec<Val>, Error>, u64) {
    let mut config = Config::new();
    config.epoch_interruption(true);
    let engine = Engine::new(configure(&mut config)).expect("an engine");
    let text = component(code);
    let read = Component::read(text.as_bytes()).expect("a component");
    let unshared = read.unshare(Profile::Full).expect("valid");
    let unshared = match interruptible {
        true => unshared.interruptible().expect("it is read"),
        false => unshared,
    };
    let compiled = compile_unshared(&engine, &unshared).unwrap_or_else(|error| panic!("{code}: {error}"));
    let checks = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&checks);
    let result = in_tokio(async {
        let mut store = Store::new(&engine, ());
        // Each check finds the deadline passed.
        store.set_epoch_deadline(0);
        store.epoch_deadline_callback(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(UpdateDeadline::Continue(0))
        });
        let instance = instantiate(&Linker::new(&engine), &mut store, &compiled).await?;
        let f = instance.get_func(&mut store, "f").expect("exported");
        call(&mut store, f, &[Val::U32(n)]).await
    });
    (result.expect("tokio starts"), checks.load(Ordering::Relaxed))
}

/// The result is the same, and there are so many more checks.
fn splits(code: &str, n: u32, expected: u32, checks: u64) {
    let (before, few) = run(code, n, false);
    let (after, many) = run(code, n, true);
    assert_eq!(before.expect("no trap"), [Val::U32(expected)], "{code}");
    assert_eq!(after.expect("no trap"), [Val::U32(expected)], "{code}");
    assert!(many >= few + checks, "{code}: {few} and {many} checks");
}

/// Memories have chunks of 64 KiB, tables of 8,192 elements.
#[test]
fn bulk_instructions_are_split() {
    let million = 100_000_000;
    splits(
        "(memory.fill (i32.const 5) (i32.const 7) (local.get $n))
         (i32.add (i32.load8_u (i32.const 5)) (i32.load8_u (i32.const 100000004)))",
        million,
        14,
        1525,
    );
    splits(
        "(memory.fill $wide (i64.const 5) (i32.const 7) (i64.extend_i32_u (local.get $n)))
         (i32.add (i32.load8_u $wide (i64.const 5)) (i32.load8_u $wide (i64.const 4000005)))",
        4_000_000,
        7,
        61,
    );
    splits(
        "(memory.fill $bytes (i32.const 0) (i32.const 7) (local.get $n))
         (i32.add (i32.load8_u $bytes (i32.const 0)) (i32.load8_u $bytes (i32.const 199999)))",
        200_000,
        14,
        3,
    );
    // Both directions of an overlap.
    for (to, from) in [(1, 0), (0, 1)] {
        splits(
            &format!(
                "(memory.init $data (i32.const 0) (i32.const 0) (local.get $n))
                 (memory.copy (i32.const {to}) (i32.const {from}) (local.get $n))
                 (i32.add (i32.shl (i32.load8_u (i32.const 70000)) (i32.const 8)) (i32.load8_u (i32.const 262145)))"
            ),
            300_000,
            if to == 1 { 0x102 } else { 0x301 },
            8,
        );
    }
    splits(
        "(memory.copy $wide $memory (i64.const 0) (i32.const 0) (local.get $n)) (i32.const 1)",
        1_000_000,
        1,
        15,
    );
    splits(
        "(table.fill $table (i32.const 1) (ref.func $two) (local.get $n))
         (i32.add (call $call (i32.const 1)) (call $call (local.get $n)))",
        199_999,
        4,
        24,
    );
    splits(
        "(table.init $other $elements (i32.const 3) (i32.const 1) (local.get $n))
         (table.copy $table $other (i32.const 0) (i32.const 0) (i32.const 200000))
         (i32.add (call $call (i32.const 3)) (call $call (i32.const 19000)))",
        19_000,
        3,
        2 + 24,
    );
}

/// Arrays have chunks of 8,192 elements.
#[test]
fn instructions_on_arrays_are_split() {
    splits(
        "(local.set $bytes (array.new_default $bytes (local.get $n)))
         (array.fill $bytes (local.get $bytes) (i32.const 1) (i32.const 9) (i32.sub (local.get $n) (i32.const 1)))
         (i32.add (array.get_u $bytes (local.get $bytes) (i32.const 0)) (array.get_u $bytes (local.get $bytes) (i32.const 999999)))",
        1_000_000,
        9,
        122,
    );
    splits(
        "(local.set $bytes (array.new_data $bytes $data (i32.const 0) (local.get $n)))
         (local.set $more (array.new_default $bytes (i32.const 400000)))
         (array.copy $bytes $bytes (local.get $more) (i32.const 2) (local.get $bytes) (i32.const 0) (local.get $n))
         (array.init_data $bytes $data (local.get $bytes) (i32.const 1) (i32.const 0) (i32.sub (local.get $n) (i32.const 1)))
         (i32.add (array.get_u $bytes (local.get $more) (i32.const 100001)) (array.get_u $bytes (local.get $bytes) (i32.const 100000)))",
        300_000,
        2,
        3 * 36,
    );
    splits(
        "(local.set $functions (array.new_elem $functions $elements (i32.const 0) (local.get $n)))
         (array.init_elem $functions $elements (local.get $functions) (i32.const 1) (i32.const 1) (i32.const 19000))
         (ref.is_null (array.get $functions (local.get $functions) (i32.const 10000)))",
        20_000,
        0,
        4,
    );
}

#[test]
fn what_is_out_of_bounds_traps_as_before_and_writes_nothing() {
    for code in [
        "(memory.fill (i32.const 0) (i32.const 7) (local.get $n)) (i32.const 0)",
        "(memory.copy (i32.const 1) (i32.const 0) (local.get $n)) (i32.const 0)",
        "(memory.init $data (i32.const 0) (i32.const 1) (local.get $n)) (i32.const 0)",
        "(table.fill $table (i32.const 0) (ref.null func) (local.get $n)) (i32.const 0)",
        "(table.init $table $elements (i32.const 0) (i32.const 1) (local.get $n)) (i32.const 0)",
        "(data.drop $data) (memory.init $data (i32.const 0) (i32.const 0) (i32.const 70000)) (i32.const 0)",
        "(array.fill $bytes (ref.null $bytes) (i32.const 0) (i32.const 7) (local.get $n)) (i32.const 0)",
        "(array.fill $bytes (array.new_default $bytes (i32.const 9)) (i32.const 0) (i32.const 7) (local.get $n)) (i32.const 0)",
    ] {
        let message = |interruptible| match run(code, u32::MAX, interruptible).0 {
            Err(Error::Trap(trap)) => trap.code(),
            other => panic!("{code}: {other:?}"),
        };
        assert_eq!(message(false), message(true), "{code}");
    }
}

/// The loop does not begin, so there are as few checks as in a memory with pages of the usual size.
#[test]
fn what_is_out_of_bounds_of_a_memory_with_small_pages_writes_nothing() {
    let checks = |memory: &str, size: u32| {
        let code = format!("(memory.fill {memory} (i32.const 1) (i32.const 7) (local.get $n)) (i32.const 0)");
        let (outcome, checks) = run(&code, size, true);
        match outcome {
            Err(Error::Trap(trap)) => assert_eq!(trap.code(), Some(wasmtime::Trap::MemoryOutOfBounds)),
            outcome => panic!("{code}: {outcome:?}"),
        }
        checks
    };
    assert_eq!(checks("$bytes", 200_000), checks("$memory", 2048 << 16));
}

/// Short instructions, and code without long ones, do not change.
#[test]
fn other_code_stays() {
    for code in [
        "(i32.mul (local.get $n) (i32.const 252))",
        "(memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (i32.const 0)",
        "(memory.copy (i32.const 0) (i32.const 7) (i32.const 1)) (i32.const 0)",
        "(drop (array.new $bytes (i32.const 1) (local.get $n))) (i32.const 0)",
    ] {
        let text = component(code);
        let read = Component::read(text.as_bytes()).expect("a component");
        let unshared = read.unshare(Profile::Full).expect("valid");
        let before = unshared.bytes().to_vec();
        let after = unshared.interruptible().expect("it is read").into_bytes();
        assert!(before == after, "{code}");
    }
}

/// A long message of an error context becomes an empty one, and a short one stays.
#[test]
fn long_debug_messages_are_dropped() {
    for (encoding, most, tag) in [
        ("utf8", 1024_u32, 0),
        ("utf16", 341, 0),
        ("latin1+utf16", 341, 0),
        ("latin1+utf16", 341, 1 << 31),
    ] {
        let bytes = if tag == 0 && encoding != "utf16" { 1 } else { 3 };
        for (length, expected) in [(0, 0), (1, bytes), (most, most * bytes), (most + 1, 0), (30_000, 0)] {
            let component = format!(
                r#"(component
                    (core module $memory
                        (memory (export "m") 2)
                        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536)))
                    (core instance $memory (instantiate $memory))
                    (core func $new (canon error-context.new (memory $memory "m") string-encoding={encoding}))
                    (core func $message
                        (canon error-context.debug-message (memory $memory "m") (realloc (func $memory "realloc"))))
                    (core func $drop (canon error-context.drop))
                    (core module $m
                        (import "" "m" (memory 2))
                        (import "" "new" (func $new (param i32 i32) (result i32)))
                        (import "" "message" (func $message (param i32 i32)))
                        (import "" "drop" (func $drop (param i32)))
                        (func (export "f") (param $length i32) (result i32)
                            (local $context i32)
                            (memory.fill (i32.const 0) (i32.const 0x78) (i32.const 60000))
                            (local.set $context (call $new (i32.const 0) (i32.or (local.get $length) (i32.const {tag}))))
                            (call $message (local.get $context) (i32.const 65000))
                            (call $drop (local.get $context))
                            (i32.load (i32.const 65004))))
                    (core instance $i (instantiate $m (with "" (instance
                        (export "m" (memory $memory "m"))
                        (export "new" (func $new))
                        (export "message" (func $message))
                        (export "drop" (func $drop))))))
                    (func (export "f") (param "length" u32) (result u32) (canon lift (core func $i "f"))))"#
            );
            let mut config = Config::new();
            let engine = Engine::new(configure(&mut config)).expect("an engine");
            let compiled = weft_cooperative::compile(&engine, component.as_bytes(), Profile::Full);
            let compiled = compiled.unwrap_or_else(|error| panic!("{error}"));
            let result = in_tokio(async {
                let mut store = weft_cooperative::store(&engine, ());
                let instance = instantiate(&Linker::new(&engine), &mut store, &compiled).await?;
                let f = instance.get_func(&mut store, "f").expect("exported");
                call(&mut store, f, &[Val::U32(length)]).await
            });
            let result: Result<_, Error> = result.expect("tokio starts");
            assert_eq!(
                result.expect("no trap"),
                [Val::U32(expected)],
                "{encoding} {tag} {length}"
            );
        }
    }
}
