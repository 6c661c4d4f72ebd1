//! What the host allocates for the values of a call counts against the program's limit of memory.

use weft_parallel::{Component, Engine, Error, Instance, Linker, Val};

use crate::support::{engine_with, watched};

const MIB: u64 = 1 << 20;

fn bounded(bytes: u64) -> Engine {
    engine_with(2, |config| {
        config.max_memory(bytes);
    })
}

/// `pass` passes `count` times the same 64,000 bytes in one list to the host's `take`, and `give` gives such a list.
const LISTS: &str = r#"(component
    (import "take" (func $take (param "lists" (list (list u8)))))
    (core module $memory
        (memory (export "memory") 2)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable)))
    (core instance $memory (instantiate $memory))
    (core func $take (canon lower (func $take) (memory (core memory $memory "memory"))))
    (core module $m
        (import "" "take" (func $take (param i32 i32)))
        (import "" "memory" (memory 2))
        (func $lists (param $count i32) (local $at i32)
            (loop $next
                (i32.store offset=65536 (local.get $at) (i32.const 16))
                (i32.store offset=65540 (local.get $at) (i32.const 64000))
                (local.set $at (i32.add (local.get $at) (i32.const 8)))
                (br_if $next (i32.lt_u (local.get $at) (i32.mul (local.get $count) (i32.const 8))))))
        (func (export "pass") (param $count i32)
            (call $lists (local.get $count))
            (call $take (i32.const 65536) (local.get $count)))
        (func (export "give") (param $count i32) (result i32)
            (call $lists (local.get $count))
            (i32.store (i32.const 0) (i32.const 65536))
            (i32.store (i32.const 4) (local.get $count))
            (i32.const 0)))
    (core instance $m (instantiate $m (with "" (instance
        (export "take" (func $take))
        (export "memory" (memory $memory "memory"))))))
    (func (export "pass") (param "count" u32) (canon lift (core func $m "pass")))
    (func (export "give") (param "count" u32) (result (list (list u8)))
        (canon lift (core func $m "give") (memory (core memory $memory "memory")))))"#;

/// How the host defines `take`.
#[derive(Debug, Clone, Copy)]
enum Form {
    Values,
    SuspendingValues,
    Typed,
    SuspendingTyped,
}

/// With how many lists fit into 4 MiB, and how many do not: as values, each byte takes some 30.
const FORMS: [(Form, u32, u32); 4] = [
    (Form::Values, 1, 3),
    (Form::SuspendingValues, 1, 3),
    (Form::Typed, 40, 70),
    (Form::SuspendingTyped, 40, 70),
];

fn lists(engine: &Engine, form: Form) -> Instance<()> {
    let component = Component::new(engine, LISTS.as_bytes()).expect("a valid component");
    let mut linker = Linker::<()>::new(engine);
    let mut root = linker.root();
    match form {
        Form::Values => root.func_new("take", |_, _| Ok(None)),
        Form::SuspendingValues => root.func_new_async("take", |_, _| {
            Box::new(async {
                weft_parallel::yield_now().await;
                Ok(None)
            })
        }),
        Form::Typed => root.func_wrap("take", |_, (_,): (Vec<Vec<u8>>,)| Ok(())),
        Form::SuspendingTyped => root.func_wrap_async("take", |_, (_,): (Vec<Vec<u8>>,)| {
            Box::new(async {
                weft_parallel::yield_now().await;
                Ok(())
            })
        }),
    }
    .expect("defined once");
    linker.instantiate(&component, ()).expect("an instance")
}

fn is_over_the_limit<R: std::fmt::Debug>(outcome: Result<R, Error>) {
    match outcome {
        Err(Error::Limit(message)) => assert!(message.contains("`--max-memory`"), "{message}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_guest_passes_to_the_host_counts_until_the_host_function_returns() {
    watched(|| {
        for (form, few, many) in FORMS {
            let engine = bounded(4 * MIB);
            let program = lists(&engine, form);
            let pass = program.get_func(&["pass"]).expect("exported");
            for _ in 0..10 {
                pass.call(&[Val::U32(few)]).expect("it fits, one at a time");
            }
            is_over_the_limit(pass.call(&[Val::U32(many)]));
        }
    });
}

#[test]
fn what_the_guest_gives_the_host_counts_while_it_is_copied() {
    watched(|| {
        let engine = bounded(4 * MIB);
        let program = lists(&engine, Form::Typed);
        let give = program.get_func(&["give"]).expect("exported");
        let typed = program
            .get_typed_func::<(u32,), (Vec<Vec<u8>>,)>(&["give"])
            .expect("of this type");
        for _ in 0..10 {
            assert_eq!(typed.call((40,)).expect("2.5 MB fit").0.len(), 40);
        }
        // As values, each byte takes some 30.
        give.call(&[Val::U32(1)]).expect("it fits");
        is_over_the_limit(give.call(&[Val::U32(40)]));
        let program = lists(&engine, Form::Typed);
        let typed = program
            .get_typed_func::<(u32,), (Vec<Vec<u8>>,)>(&["give"])
            .expect("of this type");
        is_over_the_limit(typed.call((70,)));
    });
}

/// `pass` passes a string of so many bytes from one component to another, which converts it.
fn strings(encoding: &str) -> String {
    format!(
        r#"(component
            (component $callee
                (core module $m
                    (memory (export "memory") 40)
                    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
                    (func (export "take") (param i32 i32)))
                (core instance $m (instantiate $m))
                (func (export "take") (param "text" string)
                    (canon lift (core func $m "take") (memory (core memory $m "memory"))
                        (realloc (core func $m "realloc")) string-encoding={encoding})))
            (component $caller
                (import "callee" (instance $callee (export "take" (func (param "text" string)))))
                (core module $memory (memory (export "memory") 20))
                (core instance $memory (instantiate $memory))
                (core func $take (canon lower (func $callee "take") (memory (core memory $memory "memory"))))
                (core module $m
                    (import "" "take" (func $take (param i32 i32)))
                    (func (export "pass") (param $bytes i32) (call $take (i32.const 16) (local.get $bytes))))
                (core instance $m (instantiate $m (with "" (instance (export "take" (func $take))))))
                (func (export "pass") (param "bytes" u32) (canon lift (core func $m "pass"))))
            (instance $callee (instantiate $callee))
            (instance $caller (instantiate $caller (with "callee" (instance $callee))))
            (export "pass" (func $caller "pass")))"#
    )
}

#[test]
fn strings_that_pass_from_one_component_to_another_count_while_they_pass() {
    watched(|| {
        // Sixty pages are memories. What converts a string takes three times its bytes.
        let engine = bounded(60 * 65_536 + MIB);
        for encoding in ["utf8", "utf16", "latin1+utf16"] {
            let component = Component::new(&engine, strings(encoding).as_bytes()).expect("a valid component");
            let instance = || Linker::new(&engine).instantiate(&component, ()).expect("an instance");
            let program = instance();
            let pass = program.get_func(&["pass"]).expect("exported");
            for _ in 0..10 {
                pass.call(&[Val::U32(300_000)]).expect("it fits, one at a time");
            }
            is_over_the_limit(pass.call(&[Val::U32(1_000_000)]));
        }
    });
}
