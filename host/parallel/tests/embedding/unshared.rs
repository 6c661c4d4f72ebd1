//! Components in which nothing is shared, on this runtime because they import core modules: host functions work on their
//! memory, their state lasts from one call to the next, and they use what cannot be shared.

use std::sync::Arc;

use weft_parallel::{Caller, Linker, Val};

use crate::support::{Host, component, engine, trap, watched};

/// A component with a memory of these limits, and this code beside the import `$double` and the memory. The host
/// function doubles the word at an address.
fn text(memory: &str, code: &str, exports: &str) -> String {
    format!(
        r#"(component
            (import "host" (core module $host
                (import "env" "memory" (memory {memory})) (export "double" (func (param i32)))))
            (core module $state (memory (export "memory") {memory}) (data (i32.const 16) "\15\00\00\00"))
            (core instance $state (instantiate $state))
            (core instance $host (instantiate $host (with "env" (instance $state))))
            (core module $main
                (import "state" "memory" (memory {memory}))
                (import "host" "double" (func $double (param i32)))
                {code})
            (core instance $main (instantiate $main (with "state" (instance $state)) (with "host" (instance $host))))
            {exports})"#
    )
}

fn linker(engine: &weft_parallel::Engine) -> Linker<Arc<Host>> {
    let mut linker = Linker::new(engine);
    let double = |caller: Caller<'_, Arc<Host>>, address: i32| {
        let memory = caller.data().memory()?;
        let address = u64::from(address.cast_unsigned());
        let value = memory.read_u32(address)?;
        memory.write_u32(address, value * 2)?;
        wasmtime::Result::Ok(())
    };
    linker.module("host").func_wrap("double", double).expect("a new name");
    linker
}

#[test]
fn host_functions_reach_an_unshared_memory() {
    watched(|| {
        const CODE: &str = r#"
            (global $calls (mut i32) (i32.const 0))
            (table $kept 1 externref)
            (type $pair (struct (field i32) (field i32)))
            (global $last (mut (ref null $pair)) (ref.null $pair))
            (func (export "run") (result i32)
                (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
                (call $double (i32.const 16))
                (global.set $last (struct.new $pair (i32.load (i32.const 16)) (global.get $calls)))
                (i32.add
                    (struct.get $pair 0 (global.get $last))
                    (struct.get $pair 1 (global.get $last))))
            (func (export "end") (result i32)
                (local $end i32)
                (drop (memory.grow (i32.const 1)))
                (local.set $end (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)))
                (i32.store (local.get $end) (i32.const 4))
                (call $double (local.get $end))
                (i32.load (local.get $end)))
            (func (export "wait") (result i32)
                (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const 0)))
            (func (export "notify") (result i32) (memory.atomic.notify (i32.const 0) (i32.const 1)))"#;
        const EXPORTS: &str = r#"
            (func (export "run") (result s32) (canon lift (core func $main "run")))
            (func (export "end") (result s32) (canon lift (core func $main "end")))
            (func (export "wait") (result s32) (canon lift (core func $main "wait")))
            (func (export "notify") (result s32) (canon lift (core func $main "notify")))"#;
        let engine = engine(2);
        let component = component(&engine, &text("1", CODE, EXPORTS));
        let linker = linker(&engine);
        let instance = linker.instantiate(&component, Host::new()).expect("an instance");
        let call = |name: &str| instance.get_func(&[name]).expect("it is exported").call(&[]);
        // The segment is written once, and what one call leaves behind is there in the next.
        for expected in [42 + 1, 84 + 2, 168 + 3] {
            assert_eq!(call("run").expect("no trap"), Some(Val::S32(expected)));
        }
        assert_eq!(call("end").expect("no trap"), Some(Val::S32(8)));
        assert_eq!(call("notify").expect("no trap"), Some(Val::S32(0)));
        // Another instance has a memory of its own.
        let other = linker.instantiate(&component, Host::new()).expect("an instance");
        let run = other.get_func(&["run"]).expect("it is exported");
        assert_eq!(run.call(&[]).expect("no trap"), Some(Val::S32(43)));
        // What an unshared memory does, whether or not the wait would have been one.
        let trap = trap(call("wait"));
        assert!(trap.message().contains("atomic wait on non-shared memory"), "{trap}");
    });
}

#[test]
fn an_unshared_memory_has_64_bit_addresses_if_it_says_so() {
    watched(|| {
        const CODE: &str = r#"
            (func (export "run") (result i64)
                (i64.store32 (i64.const 65536) (i64.const 21))
                (call $double (i32.const 65536))
                (i64.add (i64.mul (memory.grow (i64.const 1)) (i64.const 100)) (i64.load32_u (i64.const 65536))))"#;
        const EXPORTS: &str = r#"(func (export "run") (result s64) (canon lift (core func $main "run")))"#;
        let engine = engine(1);
        for limits in ["i64 2", "i64 2 3"] {
            let text = text(limits, CODE, EXPORTS).replace("(data (i32.const", "(data (i64.const");
            let component = component(&engine, &text);
            let instance = linker(&engine)
                .instantiate(&component, Host::new())
                .expect("an instance");
            let run = instance.get_func(&["run"]).expect("it is exported");
            assert_eq!(run.call(&[]).expect("no trap"), Some(Val::S64(242)), "{limits}");
        }
    });
}
