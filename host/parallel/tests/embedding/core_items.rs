//! Hosts of plug-in modules: functions by their index in a table, `malloc`, memories and tables, from host functions and from outside.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::sync::atomic::AtomicI32;

use weft_parallel::guest::{Memory, Table, TypedFunc};
use weft_parallel::{BlockingCaller, Caller, Component, Engine, Error, Instance, Linker, wasmtime};

use crate::support::{WORKERS, engine, watched};

/// A plug-in. `$MEMORY`, `$TABLE` and `$SPAWN` say what kind of one.
const PLUGIN: &str = r#"(module
    (import "env" "register" (func $register (param i32 i32) (result i32)))
    $SPAWN
    (memory (export "memory") $MEMORY)
    (table (export "table") $TABLE funcref)
    (elem (i32.const 1) $add $call_register $trap $wait)
    (type $callback (func (param i32 i32) (result i32)))
    (type $other (func (result i64)))
    (global $sp (mut i32) (i32.const 65536))
    (func $add (type $callback) (i32.add (local.get 0) (local.get 1)))
    (func $call_register (type $callback) (call $register (local.get 0) (local.get 1)))
    (func $trap (type $callback) unreachable)
    (func $wait (type $callback)
        (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
    (func $spare (export "spare") (type $callback)
        (i32.sub (local.get 0) (local.get 1)))
    ;; It has a stack, and grows the memory. The adapter calls it for stacks too.
    (func (export "malloc") (param $size i32) (result i32) (local $at i32) (local $end i32)
        (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
        (i32.store (global.get $sp) (local.get $size))
        (local.set $at (i32.atomic.rmw.add (i32.const 0)
            (i32.and (i32.add (local.get $size) (i32.const 63)) (i32.const -64))))
        (if (i32.ne (i32.load (global.get $sp)) (local.get $size)) (then unreachable))
        (global.set $sp (i32.add (global.get $sp) (i32.const 16)))
        (local.set $at (i32.add (local.get $at) (i32.const 65536)))
        (local.set $end (i32.add (local.get $at) (local.get $size)))
        (loop $more
            (if (i32.gt_u (local.get $end) (i32.shl (memory.size) (i32.const 16))) (then
                (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))
                (return (i32.const 0)))))
        (local.get $at))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func (export "indirect") (param i32 i32 i32) (result i32)
        (call_indirect (type $callback) (local.get 1) (local.get 2) (local.get 0)))
    (func (export "init") (param i32 i32) (result i32) (call $register (local.get 0) (local.get 1))))"#;

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    /// Without threads: nothing is shared.
    Plain,
    /// With threads: all calls overlap.
    Threads,
}

pub const KINDS: [Kind; 2] = [Kind::Plain, Kind::Threads];

pub fn plugin(engine: &Engine, kind: Kind) -> Component {
    let (memory, table, spawn) = match kind {
        Kind::Plain => ("4 256", "5 64", ""),
        Kind::Threads => (
            "4 256 shared",
            "5 64",
            r#"(import "$root" "[thread-available-parallelism]" (func (result i32)))"#,
        ),
    };
    let text = PLUGIN.replace("$MEMORY", memory).replace("$TABLE", table);
    component(engine, &text.replace("$SPAWN", spawn))
}

fn component(engine: &Engine, text: &str) -> Component {
    let binary = weft_lower::to_binary(text.as_bytes()).expect("a module");
    let adapted = weft_adapt::adapt(&binary).expect("a plug-in");
    Component::new(engine, &adapted).expect("a valid component")
}

pub type Malloc = TypedFunc<i32, i32>;
pub type Callback = TypedFunc<(i32, i32), i32>;

/// What a plug-in exports.
pub fn items<T: Send + Sync>(instance: &Instance<T>) -> (Memory, Table, Malloc) {
    let exports = instance.core_exports();
    (
        exports.get_memory("memory").expect("exported"),
        exports.get_table("table").expect("exported"),
        exports.get_typed_func("malloc").expect("of this type"),
    )
}

/// The state of the host functions: what the last call got.
#[derive(Default)]
pub struct Host(pub AtomicI32);

/// `register` allocates, writes and reads back, calls the function of the given index, and returns what it gives.
pub fn linker(engine: &Engine) -> Linker<Host> {
    let mut linker = Linker::new(engine);
    let mut module = linker.module("env");
    let defined = module.func_wrap_async(
        "register",
        |mut caller: Caller<'_, Host>, (index, argument): (i32, i32)| {
            Box::new(async move {
                let exports = caller.data().core_exports();
                let memory = exports.get_memory("memory").expect("exported");
                let table = exports.get_table("table").expect("exported");
                let malloc: Malloc = exports.get_typed_func("malloc")?;
                let at = malloc.call_async(&mut caller, 64).await?;
                memory.write(&mut caller, at as u64, &argument.to_le_bytes())?;
                let mut bytes = [0; 4];
                memory.read(&mut caller, at as u64, &mut bytes)?;
                let callback = table.get(&mut caller, index as u64)?.expect("not null");
                let callback: Callback = callback.typed()?;
                Ok(callback.call_async(&mut caller, (i32::from_le_bytes(bytes), 2)).await?)
            })
        },
    );
    defined.expect("new");
    linker
}

/// The same as a host function that blocks.
pub fn blocking_linker(engine: &Engine) -> Linker<Host> {
    let mut linker = Linker::new(engine);
    let register = |caller: BlockingCaller<Host>, (index, argument): (i32, i32)| -> wasmtime::Result<i32> {
        let exports = caller.core_exports();
        let memory = exports.get_memory("memory").expect("exported");
        let table = exports.get_table("table").expect("exported");
        let malloc: Malloc = exports.get_typed_func("malloc")?;
        let at = malloc.call(&caller, 64)?;
        memory.write(&caller, at as u64, &argument.to_le_bytes())?;
        let mut bytes = [0; 4];
        memory.read(&caller, at as u64, &mut bytes)?;
        let callback = table.get(&caller, index as u64)?.expect("not null");
        let callback: Callback = callback.typed()?;
        Ok(callback.call(&caller, (i32::from_le_bytes(bytes), 2))?)
    };
    linker
        .module("env")
        .func_wrap_blocking("register", register)
        .expect("new");
    linker
}

pub fn init(instance: &Instance<Host>) -> Callback {
    instance.core_exports().get_typed_func("init").expect("exported")
}

#[test]
fn a_host_function_uses_memory_table_and_malloc() {
    watched(|| {
        for (workers, kind) in WORKERS
            .into_iter()
            .flat_map(|workers| KINDS.map(|kind| (workers, kind)))
        {
            let engine = engine(workers);
            let plugin = plugin(&engine, kind);
            for linker in [linker(&engine), blocking_linker(&engine)] {
                let instance = linker.instantiate(&plugin, Host::default()).expect("an instance");
                let lifted = instance
                    .get_typed_func::<(i32, i32), (i32,)>(&["init"])
                    .expect("exported");
                assert_eq!(lifted.call((1, 40)).expect("no trap"), (42,), "{kind:?}");
                assert_eq!(
                    init(&instance).call(&instance, (1, 40)).expect("no trap"),
                    42,
                    "{kind:?}"
                );
                // The function of index 2 calls the host function again, which calls the one of index 1.
                assert_eq!(init(&instance).call(&instance, (2, 1)).expect("no trap"), 4, "{kind:?}");
            }
        }
    });
}

#[test]
fn an_embedder_uses_memory_table_and_malloc_from_outside() {
    watched(|| {
        for kind in KINDS {
            let engine = engine(2);
            let instance = linker(&engine)
                .instantiate(&plugin(&engine, kind), Host::default())
                .expect("an instance");
            let (memory, table, malloc) = items(&instance);
            assert_eq!(memory.data_size(&instance).expect("alive"), 4 << 16);
            let first = malloc.call(&instance, 3).expect("no trap");
            assert_eq!(malloc.call(&instance, 3).expect("no trap"), first + 64);
            memory.write(&instance, first as u64, b"abc").expect("inside");
            let mut read = [0; 3];
            memory.read(&instance, first as u64, &mut read).expect("inside");
            assert_eq!(&read, b"abc");
            assert_eq!(table.size(&instance).expect("alive"), 5);
            assert!(table.get(&instance, 0).expect("inside").is_none());
            let add = table.get(&instance, 1).expect("inside").expect("not null");
            let add: Callback = add.typed().expect("unchecked");
            assert_eq!(add.call(&instance, (1, 2)).expect("no trap"), 3);
        }
    });
}

#[test]
fn a_table_grows_by_a_function_that_the_guest_then_calls() {
    watched(|| {
        for kind in KINDS {
            let engine = engine(2);
            let instance = linker(&engine)
                .instantiate(&plugin(&engine, kind), Host::default())
                .expect("an instance");
            let (_, table, _) = items(&instance);
            let spare = instance.core_exports().get_func("spare").expect("exported");
            assert_eq!(table.grow(&instance, 2, Some(&spare)).expect("room"), 5);
            assert_eq!(table.grow(&instance, 1, None).expect("room"), 7);
            let indirect = instance
                .core_exports()
                .get_typed_func::<(i32, i32, i32), i32>("indirect")
                .expect("exported");
            assert_eq!(indirect.call(&instance, (6, 5, 2)).expect("no trap"), 3, "{kind:?}");
            let found: Callback = table
                .get(&instance, 5)
                .expect("inside")
                .expect("not null")
                .typed()
                .expect("unchecked");
            assert_eq!(found.call(&instance, (9, 2)).expect("no trap"), 7);
            assert!(table.get(&instance, 7).expect("inside").is_none());
            let refused = table.grow(&instance, 1 << 20, Some(&spare));
            assert!(
                matches!(&refused, Err(Error::Table { table, .. }) if table == "table"),
                "{refused:?}"
            );
            assert_eq!(table.size(&instance).expect("alive"), 8);
        }
    });
}

#[test]
fn many_threads_allocate_and_grow_at_the_same_time() {
    const TIMES: usize = 4;
    watched(|| {
        for (workers, kind) in WORKERS
            .into_iter()
            .flat_map(|workers| KINDS.map(|kind| (workers, kind)))
        {
            let engine = engine(workers);
            let instance = linker(&engine)
                .instantiate(&plugin(&engine, kind), Host::default())
                .expect("an instance");
            let (memory, table, malloc) = items(&instance);
            let spare = instance.core_exports().get_func("spare").expect("exported");
            let grow = instance
                .core_exports()
                .get_typed_func::<(), i32>("grow")
                .expect("exported");
            let begin = Barrier::new(8);
            let work = |own: usize| {
                begin.wait();
                let mut found = Vec::new();
                for turn in 0..TIMES {
                    let at = malloc.call(&instance, 8).expect("no trap");
                    let text = [own as u8, turn as u8];
                    memory.write(&instance, at as u64, &text).expect("inside");
                    let index = table.grow(&instance, 1, Some(&spare)).expect("room");
                    grow.call(&instance, ()).expect("no trap");
                    // The host function does the same within a call, on its own thread.
                    assert_eq!(init(&instance).call(&instance, (1, 40)).expect("no trap"), 42);
                    let element = table.get(&instance, index).expect("inside").expect("not null");
                    let element: Callback = element.typed().expect("unchecked");
                    assert_eq!(element.call(&instance, (9, 2)).expect("no trap"), 7);
                    let mut read = [9; 2];
                    memory.read(&instance, at as u64, &mut read).expect("inside");
                    assert_eq!(read, text);
                    found.push((at, index));
                }
                found
            };
            let found: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8).map(|own| scope.spawn(move || work(own))).collect();
                threads
                    .into_iter()
                    .flat_map(|thread| thread.join().expect("no panic"))
                    .collect()
            });
            let addresses: BTreeSet<_> = found.iter().map(|(at, _)| at).collect();
            let indices: BTreeSet<_> = found.iter().map(|(_, index)| *index).collect();
            assert_eq!(addresses.len(), 8 * TIMES);
            assert_eq!(indices, BTreeSet::from_iter(5..5 + 8 * TIMES as u64));
        }
    });
}
