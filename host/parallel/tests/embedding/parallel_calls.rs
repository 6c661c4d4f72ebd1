//! Calls from many threads of the host at once: those of shared functions overlap, and the others take turns.

use std::collections::BTreeSet;
use std::sync::Arc;

use weft_parallel::{Component, Config, Engine, Error, Func, Instance, Linker, ThreadContext, Val};

use crate::support::{WORKERS, engine_with, trap, until, watched};

/// How many threads of the host call at once.
const CALLERS: i32 = 8;

/// - `meet` waits until so many calls are in it, and gives the index of its thread. It traps if the context slot is not its own.
/// - `wait` waits until `wake` is called, and gives what that was given.
/// - `overlap` and `turn` give how many calls of them there were at most since they began. `turn` is not shared.
/// - `busy` computes, waits, or fills memory for ever. `fail` traps, and `host` calls the host.
/// - `echo` gives the list that it is given.
const CODE: &str = r#"
    (type $void (shared (func)))
    (type $get (shared (func (result i32))))
    (type $set (shared (func (param i32))))
    (type $unary (shared (func (param i32) (result i32))))
    (type $pair (shared (func (param i32 i32) (result i32))))
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (import "state" "memory" (memory 64 64 shared))
    (import "thread" "index" (func $index (type $get)))
    (import "thread" "yield" (func $yield (type $get)))
    (import "thread" "get" (func $get (type $get)))
    (import "thread" "set" (func $set (type $set)))
    (import "thread" "host" (func $host (type $unary)))
    (func (export "meet") (type $unary) (param $callers i32) (result i32) (local $seen i32)
        (if (call $get) (then unreachable))
        (call $set (call $index))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
        (loop $again
            (local.set $seen (i32.atomic.load (i32.const 0)))
            (if (i32.lt_u (local.get $seen) (local.get $callers)) (then
                (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
                (br $again))))
        (if (i32.ne (call $get) (call $index)) (then unreachable))
        (call $index))
    (func (export "wait") (type $get) (result i32)
        (loop $again
            (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
            (br_if $again (i32.eqz (i32.atomic.load (i32.const 8)))))
        (i32.atomic.load (i32.const 8)))
    (func (export "wake") (type $set) (param i32)
        (i32.atomic.store (i32.const 8) (local.get 0))
        (drop (memory.atomic.notify (i32.const 8) (i32.const -1))))
    (func $count (type $unary) (param $address i32) (result i32) (local $most i32) (local $now i32) (local $turns i32)
        (drop (i32.atomic.rmw.add (local.get $address) (i32.const 1)))
        (loop $again
            (local.set $now (i32.atomic.load (local.get $address)))
            (if (i32.gt_u (local.get $now) (local.get $most)) (then (local.set $most (local.get $now))))
            (drop (call $yield))
            (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $turns) (i32.const 20))))
        (drop (i32.atomic.rmw.sub (local.get $address) (i32.const 1)))
        (local.get $most))
    (func (export "overlap") (type $get) (result i32) (call $count (i32.const 16)))
    (type $turn (func (result i32)))
    (func (export "turn") (type $turn) (result i32) (call $count (i32.const 24)))
    (func (export "busy") (type $set) (param $how i32)
        (i32.atomic.store (i32.const 40) (i32.const 1))
        (if (i32.eq (local.get $how) (i32.const 0)) (then (loop $spin (br $spin))))
        (if (i32.eq (local.get $how) (i32.const 1)) (then
            (drop (memory.atomic.wait32 (i32.const 48) (i32.const 0) (i64.const -1)))))
        (loop $fill (memory.fill (i32.const 64) (i32.const 0) (i32.const 0x3f0000)) (br $fill)))
    (func (export "is_busy") (type $get) (result i32) (i32.atomic.load (i32.const 40)))
    (func (export "fail") (type $void) unreachable)
    (func (export "host") (type $unary) (param i32) (result i32) (call $host (local.get 0)))
    (func (export "realloc") (type $realloc) (param i32 i32 i32 i32) (result i32)
        ;; Bytes 4096 and up, eight at least each, and no more than half of the memory in use at once.
        (i32.add (i32.const 4096)
            (i32.and (i32.const 0x1ffff8)
                (i32.atomic.rmw.add (i32.const 32)
                    (i32.and (i32.add (local.get 3) (i32.const 7)) (i32.const -8))))))
    (func (export "echo") (type $pair) (param $at i32) (param $length i32) (result i32) (local $result i32)
        (local.set $result
            (i32.add (i32.const 0x200000) (i32.and (i32.const 0xffff8) (i32.atomic.rmw.add (i32.const 56) (i32.const 8)))))
        (drop (call $yield))
        (i32.store (local.get $result) (local.get $at))
        (i32.store offset=4 (local.get $result) (local.get $length))
        (local.get $result))
"#;

/// The component. If it `spawns`, it has a built-in that starts threads, so that its calls run on workers.
fn text(spawns: bool) -> String {
    let spawn = match spawns {
        false => "(core func (canon thread.available-parallelism shared))",
        true => {
            "(core module $table (table (export \"table\") shared 1 1 (ref null (shared func))))
            (core instance $table (instantiate $table))
            (alias core export $table \"table\" (core table $table))
            (core type $start (shared (func (param i32))))
            (core func $spawn (canon thread.spawn-indirect $start $table))
            (core module $user
                (type $spawn (shared (func (param i32 i32) (result i32))))
                (import \"\" \"spawn\" (func $spawn (type $spawn)))
                (func (export \"spawn\") (type $spawn) (call $spawn (local.get 0) (local.get 1))))
            (core instance (instantiate $user (with \"\" (instance (export \"spawn\" (func $spawn))))))"
        }
    };
    let lifts: String = [
        ("meet", "(param \"callers\" s32) (result s32)"),
        ("wait", "(result s32)"),
        ("wake", "(param \"value\" s32)"),
        ("overlap", "(result s32)"),
        ("turn", "(result s32)"),
        ("busy", "(param \"how\" s32)"),
        ("is-busy", "(result s32)"),
        ("fail", ""),
        ("host", "(param \"how\" s32) (result s32)"),
    ]
    .iter()
    .map(|(name, ty)| {
        let core = name.replace('-', "_");
        format!("(func (export \"{name}\") {ty} (canon lift (core func $main \"{core}\")))\n")
    })
    .collect();
    format!(
        r#"(component
            (import "host" (func $host (param "how" s32) (result s32)))
            (core module $state (memory (export "memory") 64 64 shared))
            (core instance $state (instantiate $state))
            (alias core export $state "memory" (core memory $memory))
            {spawn}
            (core func $index (canon thread.index))
            (core func $yield (canon thread.yield))
            (core func $get (canon context.get i32 0))
            (core func $set (canon context.set i32 0))
            (core func $host (canon lower (func $host)))
            (core module $main {CODE})
            (core instance $main (instantiate $main
                (with "state" (instance $state))
                (with "thread" (instance
                    (export "index" (func $index))
                    (export "yield" (func $yield))
                    (export "get" (func $get))
                    (export "set" (func $set))
                    (export "host" (func $host))))))
            {lifts}
            (func (export "echo") (param "list" (list u8)) (result (list u8))
                (canon lift (core func $main "echo") (memory $memory) (realloc (func $main "realloc")))))"#
    )
}

/// The state of the host: the functions that its function calls.
#[derive(Default)]
struct Calls {
    wake: std::sync::OnceLock<Func<Arc<Calls>>>,
}

type Program = Instance<Arc<Calls>>;

fn start(engine: &Engine, spawns: bool) -> Arc<Program> {
    let component = Component::new(engine, text(spawns).as_bytes()).unwrap_or_else(|error| panic!("{error:?}"));
    let mut linker: Linker<Arc<Calls>> = Linker::new(engine);
    linker
        .root()
        .func_new_async("host", |thread: ThreadContext<'_, Arc<Calls>>, arguments| {
            let calls = Arc::clone(thread.data().host());
            Box::new(async move {
                match arguments {
                    [Val::S32(0)] => panic!("a host function's own fault"),
                    [Val::S32(value)] => {
                        let wake = calls.wake.get().expect("set before the call");
                        wake.call_async(&[Val::S32(*value)]).await?;
                        Ok(Some(Val::S32(*value)))
                    }
                    other => panic!("{other:?}"),
                }
            })
        })
        .expect("a new name");
    let calls = Arc::new(Calls::default());
    let instance = linker.instantiate(&component, Arc::clone(&calls)).expect("an instance");
    calls
        .wake
        .get_or_init(|| instance.get_func(&["wake"]).expect("exported"));
    Arc::new(instance)
}

fn call(program: &Program, name: &str, arguments: &[i32]) -> Result<i32, Error> {
    let arguments: Vec<Val> = arguments.iter().map(|argument| Val::S32(*argument)).collect();
    match program.get_func(&[name]).expect("exported").call(&arguments)? {
        None => Ok(0),
        Some(Val::S32(value)) => Ok(value),
        Some(other) => panic!("{other:?}"),
    }
}

/// Calls a function from several threads of the host at once.
fn call_at_once(
    program: &Arc<Program>,
    callers: i32,
    name: &'static str,
    arguments: &[i32],
) -> Vec<Result<i32, Error>> {
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let (program, arguments) = (Arc::clone(program), arguments.to_vec());
            std::thread::spawn(move || call(&program, name, &arguments))
        })
        .collect();
    callers
        .into_iter()
        .map(|caller| caller.join().expect("no panic"))
        .collect()
}

/// Runs a test on caller's threads and on workers, with each number of workers.
fn everywhere(test: impl Fn(&Engine, bool) + Send + 'static) {
    watched(move || {
        for workers in WORKERS {
            let engine = engine_with(workers, |config| {
                config.parallel_calls(true);
            });
            for spawns in [false, true] {
                test(&engine, spawns);
            }
        }
    });
}

#[test]
fn each_call_is_a_thread_with_an_index_and_context_slots_of_its_own() {
    everywhere(|engine, spawns| {
        for _ in 0..20 {
            let program = start(engine, spawns);
            let indices = call_at_once(&program, CALLERS, "meet", &[CALLERS]);
            let indices: BTreeSet<i32> = indices.into_iter().map(|index| index.expect("no trap")).collect();
            assert_eq!(indices.len(), CALLERS as usize, "{indices:?}");
        }
    });
}

#[test]
fn a_call_waits_for_another_call() {
    everywhere(|engine, spawns| {
        for value in 1..20 {
            let program = start(engine, spawns);
            let waiting = Arc::clone(&program);
            let waiting = std::thread::spawn(move || call(&waiting, "wait", &[]));
            call(&program, "wake", &[value]).expect("no trap");
            assert_eq!(waiting.join().expect("no panic").expect("no trap"), value);
        }
    });
}

#[test]
fn futures_of_calls_overlap() {
    everywhere(|engine, spawns| {
        let program = start(engine, spawns);
        let wait = program.get_func(&["wait"]).expect("exported");
        let wake = program.get_func(&["wake"]).expect("exported");
        let both = async {
            // The first one begins when it is polled, and is not over before the second one has been called.
            let waiting = wait.call_async(&[]);
            let waking = wake.call_async(&[Val::S32(7)]);
            futures_lite::future::zip(waiting, waking).await
        };
        let (waited, woke) = engine.block_on(both).expect("no worker");
        assert_eq!(waited.expect("no trap"), Some(Val::S32(7)));
        assert_eq!(woke.expect("no trap"), None);
    });
}

#[test]
fn calls_of_functions_that_are_not_shared_take_turns() {
    everywhere(|engine, spawns| {
        let program = start(engine, spawns);
        for _ in 0..5 {
            for most in call_at_once(&program, CALLERS, "turn", &[]) {
                assert_eq!(most.expect("no trap"), 1);
            }
        }
    });
}

#[test]
fn all_calls_take_turns_unless_the_configuration_says_otherwise() {
    watched(|| {
        let single: fn(&mut Config) = |config| {
            config.parallel_calls(false);
        };
        let deterministic: fn(&mut Config) = |config| {
            config.parallel_calls(true).deterministic(true);
        };
        for choose in [single, deterministic] {
            for spawns in [false, true] {
                let program = start(&engine_with(2, choose), spawns);
                for _ in 0..5 {
                    for most in call_at_once(&program, CALLERS, "overlap", &[]) {
                        assert_eq!(most.expect("no trap"), 1);
                    }
                }
            }
        }
    });
}

#[test]
fn calls_count_as_threads() {
    watched(|| {
        for spawns in [false, true] {
            let engine = engine_with(2, |config| {
                config.max_threads(1).parallel_calls(true);
            });
            let program = start(&engine, spawns);
            let waiting = Arc::clone(&program);
            // It may find that the call below has the only thread.
            let waiting = std::thread::spawn(move || {
                loop {
                    match call(&waiting, "wait", &[]) {
                        Err(Error::Limit(_)) => {}
                        outcome => return outcome,
                    }
                }
            });
            // While the one call waits there is no thread for another.
            until(|| matches!(call(&program, "is-busy", &[]), Err(Error::Limit(_))));
            assert!(program.end_handle().end("enough"));
            assert!(matches!(waiting.join().expect("no panic"), Err(Error::EndedBy(_))));
        }
    });
}

#[test]
fn a_trap_in_a_call_ends_the_others() {
    everywhere(|engine, spawns| {
        let program = start(engine, spawns);
        let waiting = Arc::clone(&program);
        let waiting = std::thread::spawn(move || call_at_once(&waiting, 3, "wait", &[]));
        let failed = trap(call(&program, "fail", &[]));
        assert_eq!(failed.code(), Some(wasmtime::Trap::UnreachableCodeReached));
        for outcome in waiting.join().expect("no panic") {
            assert_eq!(trap(outcome).code(), failed.code());
        }
        assert_eq!(trap(call(&program, "wake", &[1])).code(), failed.code());
    });
}

#[test]
fn a_host_function_that_panics_ends_the_program_and_not_its_caller() {
    everywhere(|engine, spawns| {
        let program = start(engine, spawns);
        for _ in 0..2 {
            let outcome = call(&program, "host", &[0]);
            assert!(matches!(outcome, Err(Error::HostPanic(_))), "{outcome:?}");
        }
    });
}

#[test]
fn a_host_function_calls_the_instance_that_calls_it() {
    everywhere(|engine, spawns| {
        let program = start(engine, spawns);
        let waiting = Arc::clone(&program);
        let waiting = std::thread::spawn(move || call(&waiting, "wait", &[]));
        assert_eq!(call(&program, "host", &[5]).expect("no trap"), 5);
        assert_eq!(waiting.join().expect("no panic").expect("no trap"), 5);
    });
}

#[test]
fn calls_end_on_demand_whatever_they_do() {
    everywhere(|engine, spawns| {
        for how in 0..3 {
            let program = start(engine, spawns);
            let calling = Arc::clone(&program);
            let calling = std::thread::spawn(move || call_at_once(&calling, 3, "busy", &[how]));
            until(|| call(&program, "is-busy", &[]).expect("not ended") == 1);
            assert!(program.end_handle().end("by the test"));
            for outcome in calling.join().expect("no panic") {
                assert!(matches!(outcome, Err(Error::EndedBy(_))), "{how}: {outcome:?}");
            }
        }
    });
}

#[test]
fn values_of_calls_that_overlap_do_not_mix() {
    everywhere(|engine, spawns| {
        let program = start(engine, spawns);
        let callers: Vec<_> = (0..CALLERS as u8)
            .map(|caller| {
                let program = Arc::clone(&program);
                std::thread::spawn(move || {
                    let echo = program
                        .get_typed_func::<(Vec<u8>,), (Vec<u8>,)>(&["echo"])
                        .expect("its type");
                    for length in 0..200 {
                        let list = vec![caller; length];
                        assert_eq!(echo.call((list.clone(),)).expect("no trap"), (list,));
                    }
                })
            })
            .collect();
        callers.into_iter().for_each(|caller| caller.join().expect("no panic"));
    });
}
