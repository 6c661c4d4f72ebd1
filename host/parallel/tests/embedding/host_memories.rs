//! Host modules to which a component passes several memories: each function uses the memory of the instance through which it is called.

use weft_parallel::guest::TypedFunc;
use weft_parallel::{BlockingCaller, Caller, Error, Instance, Linker, Thread, ThreadContext, Val, wasmtime};

use crate::support::{component, engine, watched};

/// The functions of the host module. Each returns the first byte of its memory.
const FUNCTIONS: [&str; 4] = ["plain", "waits", "blocks", "reenters"];

/// Instantiates the module `host` with a memory that begins with `a`, and with one that begins with `b`, and the module `bare` without one.
/// `$REST` is the rest of the component.
const COMPONENT: &str = r#"(component
    (import "host" (core module $host (import "env" "memory" (memory 1 1 shared))
        (export "plain" (func (result i32))) (export "waits" (func (result i32)))
        (export "blocks" (func (result i32))) (export "reenters" (func (result i32)))))
    (import "bare" (core module $bare (export "plain" (func (result i32)))))
    (import "value" (func $value (result u32)))
    (core module $A (memory (export "memory") 1 1 shared) (data (i32.const 0) "a"))
    (core module $B (memory (export "memory") 1 1 shared) (data (i32.const 0) "b"))
    (core instance $memory_a (instantiate $A))
    (core instance $memory_b (instantiate $B))
    (core instance $a (instantiate $host (with "env" (instance $memory_a))))
    (core instance $b (instantiate $host (with "env" (instance $memory_b))))
    (core instance $bare (instantiate $bare))
    (core func $value (canon lower (func $value)))
    (core module $main
        (import "a" "plain" (func $a-plain (result i32))) (import "a" "waits" (func $a-waits (result i32)))
        (import "a" "blocks" (func $a-blocks (result i32))) (import "a" "reenters" (func $a-reenters (result i32)))
        (import "b" "plain" (func $b-plain (result i32))) (import "b" "waits" (func $b-waits (result i32)))
        (import "b" "blocks" (func $b-blocks (result i32))) (import "b" "reenters" (func $b-reenters (result i32)))
        (import "bare" "plain" (func $bare (result i32)))
        (import "value" "" (func $value (result i32)))
        (func (export "weft:export other") (result i32) (call $b-plain))
        (export "a-plain" (func $a-plain)) (export "a-waits" (func $a-waits))
        (export "a-blocks" (func $a-blocks)) (export "a-reenters" (func $a-reenters))
        (export "b-plain" (func $b-plain)) (export "b-waits" (func $b-waits))
        (export "b-blocks" (func $b-blocks)) (export "b-reenters" (func $b-reenters))
        (export "bare-plain" (func $bare)) (export "value" (func $value)))
    (core instance $main (instantiate $main (with "a" (instance $a)) (with "b" (instance $b)) (with "bare" (instance $bare))
        (with "value" (instance (export "" (func $value))))))
    $REST)"#;

/// Lifts all functions of `$main`.
fn text() -> String {
    let names = ["a", "b"].map(|of| FUNCTIONS.map(|name| format!("{of}-{name}")));
    let names = names.into_iter().flatten();
    let names = names.chain(["bare-plain".to_owned(), "value".to_owned()]);
    let lifts =
        names.map(|name| format!(r#"(func (export "{name}") (result u32) (canon lift (core func $main "{name}")))"#));
    COMPONENT.replace("$REST", &lifts.collect::<String>())
}

fn first_byte(thread: Thread<'_, ()>) -> wasmtime::Result<u32> {
    let mut byte = [0];
    thread.memory()?.read(0, &mut byte)?;
    Ok(byte[0].into())
}

fn instance() -> Instance<()> {
    let engine = engine(1);
    let mut linker = Linker::new(&engine);
    let plain = |caller: Caller<'_, ()>| first_byte(caller.data());
    linker.module("bare").func_wrap("plain", plain).expect("new");
    let mut host = linker.module("host");
    host.func_wrap("plain", plain).expect("new");
    let defined = host.func_wrap_async("waits", |caller: Caller<'_, ()>, (): ()| {
        Box::new(async move { first_byte(caller.data()) })
    });
    defined.expect("new");
    let blocks = |caller: BlockingCaller<()>, (): ()| {
        let mut byte = [0];
        caller.memory()?.read(0, &mut byte)?;
        wasmtime::Result::<u32>::Ok(byte[0].into())
    };
    host.func_wrap_blocking("blocks", blocks).expect("new");
    let defined = host.func_wrap_async("reenters", |mut caller: Caller<'_, ()>, (): ()| {
        Box::new(async move {
            let other: TypedFunc<(), u32> = caller.data().core_exports().get_typed_func("other")?;
            let called = other.call_async(&mut caller, ()).await?;
            assert_eq!(called, u32::from(b'b'));
            first_byte(caller.data())
        })
    });
    defined.expect("new");
    let value = |context: ThreadContext<'_, ()>, (): ()| first_byte(context.data()).map(|byte| (byte,));
    linker.root().func_wrap("value", value).expect("new");
    linker
        .instantiate(&component(&engine, &text()), ())
        .expect("an instance")
}

fn call(instance: &Instance<()>, name: &str) -> Result<Option<Val>, Error> {
    instance.get_func(&[name]).expect("exported").call(&[])
}

#[test]
fn each_instance_of_a_host_module_uses_its_memory() {
    watched(|| {
        let instance = instance();
        for _ in 0..2 {
            for (of, byte) in [("a", b'a'), ("b", b'b')] {
                for function in FUNCTIONS {
                    let name = format!("{of}-{function}");
                    let result = call(&instance, &name).expect("no trap");
                    assert_eq!(result, Some(Val::U32(byte.into())), "{name}");
                }
            }
        }
    });
}

#[test]
fn functions_that_belong_to_no_memory_get_none() {
    watched(|| {
        for (name, reason) in [
            ("bare-plain", "passes no memory to its host modules"),
            ("value", "passes several memories to its host modules"),
        ] {
            let error = call(&instance(), name).expect_err("it fails").to_string();
            assert!(error.contains(reason), "{name}: {error}");
        }
    });
}
