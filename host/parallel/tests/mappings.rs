//! The memory mappings of the process, which all engines share. This test is a process of its own, because it takes all
//! mappings.

use weft_parallel::{Component, Config, Engine, Instance, Linker, Val};

/// `spawn` starts children that wait for ever, until there is no room, and gives their number. Each has a copy of the unshared memory, which
/// takes mappings.
const WAITING: &str = r#"(component
    (core module $state
        (memory (export "memory") 1 1 shared)
        (table (export "table") shared 1 1 (ref null (shared func))))
    (core instance $state (instantiate $state))
    (alias core export $state "table" (core table $table))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start $table))
    (core instance $thread (export "spawn" (func $spawn)))
    (core module $main
        (type $start (shared (func (param i32))))
        (type $get (shared (func (result i32))))
        (type $binary (shared (func (param i32 i32) (result i32))))
        (import "state" "memory" (memory 1 1 shared))
        (import "state" "table" (table $table shared 1 1 (ref null (shared func))))
        (import "thread" "spawn" (func $spawn (type $binary)))
        (memory 1 1)
        (func $child (type $start) (param i32)
            (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
        (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
        (func (export "spawn") (type $get) (local $n i32)
            (loop $each
                (if (call $spawn (i32.const 0) (i32.const 0))
                    (then (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $each))))
            (local.get $n)))
    (core instance $main (instantiate $main (with "state" (instance $state)) (with "thread" (instance $thread))))
    (func (export "spawn") (result u32) (canon lift (core func $main "spawn"))))"#;

fn start() -> Instance<()> {
    // More than half of the mappings in each, and no limit but theirs.
    let engine = Engine::new(Config::new().max_memory(1 << 40)).expect("an engine");
    let component = Component::new(&engine, WAITING.as_bytes()).expect("a valid component");
    Linker::new(&engine).instantiate(&component, ()).expect("an instance")
}

fn spawn(program: &Instance<()>) -> u32 {
    match program.get_func(&["spawn"]).expect("a function").call(&[]) {
        Ok(Some(Val::U32(threads))) => threads,
        other => panic!("{other:?}"),
    }
}

#[test]
fn programs_of_two_engines_share_the_mappings_of_the_process() {
    let (first, second) = (start(), start());
    let threads = spawn(&first);
    assert!(threads > 1000, "{threads}");
    let few = spawn(&second);
    assert!(
        (1..100).contains(&few),
        "{few}: the other one has all but a few for those that have few"
    );
    first.end().expect("not a host function");
    let again = spawn(&second);
    assert!(again + few >= threads, "{again} and {few} of {threads}");
    assert_eq!(spawn(&second), 0);
}
