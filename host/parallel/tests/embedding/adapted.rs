//! An adapted module in a Rust program: the fixture `reactor`, a C library with threads, with WASI from `weft-wasi`.

use weft_parallel::{Component, Engine, Error, Instance, Linker, Val};
use weft_wasi::{WasiCtx, WasiCtxBuilder};

use crate::support::{WORKERS, engine, functions, trap, watched};

const REACTOR: &[u8] = include_bytes!("../../../../tests/programs/reactor.wasm");

/// A library whose calls have stacks of their own. `meet` waits until so many calls are in it, and gives what it has on its stack.
const LIBRARY: &str = r#"(module
    (import "$root" "[thread-available-parallelism]" (func (result i32)))
    (memory (export "memory") 2 64 shared)
    (global $sp (mut i32) (i32.const 65536))
    (func (export "meet") (param $callers i32) (param $own i32) (result i32) (local $seen i32)
        (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
        (i32.store (global.get $sp) (local.get $own))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
        (loop $again
            (local.set $seen (i32.atomic.load (i32.const 0)))
            (if (i32.lt_u (local.get $seen) (local.get $callers)) (then
                (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
                (br $again))))
        (i32.load (global.get $sp))
        (global.set $sp (i32.add (global.get $sp) (i32.const 16)))))"#;

/// A library that has more globals than a call can have for itself. `most` gives how many calls there were in it at most.
const TURNS: &str = r#"(module
    (import "$root" "[thread-available-parallelism]" (func (result i32)))
    (memory (export "memory") 2 64 shared)
    (global $sp (mut i32) (i32.const 65536))
    (global $scale (mut f64) (f64.const 1))
    (func (export "most") (result i32) (local $now i32) (local $turns i32)
        (local.set $now (i32.add (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.const 1)))
        (loop $again
            (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $turns) (i32.const 100000))))
        (drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)))
        (local.get $now)))"#;

fn adapted(engine: &Engine, module: &str) -> Instance<()> {
    let binary = weft_lower::to_binary(module.as_bytes()).expect("a module");
    let adapted = weft_adapt::adapt(&binary).expect("a library");
    let component = Component::new(engine, &adapted).expect("a valid component");
    Linker::new(engine).instantiate(&component, ()).expect("an instance")
}

fn notes(module: &[u8]) -> String {
    let notes = weft_adapt::notes(module).expect("a library");
    notes.iter().map(|note| format!("{note}\n")).collect()
}

/// The results of calls from eight threads of the host at once. The calls get the numbers 0 to 7.
fn from_eight_threads<R: Send>(call: impl Fn(i32) -> R + Sync) -> Vec<R> {
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..8)
            .map(|own| {
                let call = &call;
                scope.spawn(move || call(own))
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().expect("no panic"))
            .collect()
    })
}

#[test]
fn calls_of_a_library_have_stacks_of_their_own() {
    watched(|| {
        for workers in WORKERS {
            let instance = adapted(&engine(workers), LIBRARY);
            let meet = instance
                .get_typed_func::<(i32, i32), (i32,)>(&["meet"])
                .expect("exported");
            for round in 1..20 {
                let seen = from_eight_threads(|own| meet.call((8 * round, own)).expect("no trap").0);
                assert_eq!(seen, Vec::from_iter(0..8));
            }
        }
    });
}

#[test]
fn calls_of_a_library_with_other_globals_take_turns() {
    watched(|| {
        let binary = weft_lower::to_binary(TURNS.as_bytes()).expect("a module");
        let notes = notes(&binary);
        assert!(
            notes.contains("calls of the exports take turns on one stack: each call of `most`"),
            "{notes}"
        );
        let instance = adapted(&engine(2), TURNS);
        let most = instance.get_typed_func::<(), (i32,)>(&["most"]).expect("exported");
        for _ in 0..20 {
            assert_eq!(from_eight_threads(|_| most.call(()).expect("no trap").0), [1; 8]);
        }
    });
}

#[test]
fn calls_of_a_c_library_that_starts_threads_take_turns() {
    watched(|| {
        assert!(notes(REACTOR).contains("starts threads by `wasi.thread-spawn`"));
        let instance = instantiate(&reactor(&engine(2)));
        for _ in 0..10 {
            let sums = from_eight_threads(|own| call(&instance, "parallel-sum", &[Val::S32(1_000 + own)]));
            for (sum, below) in sums.into_iter().zip(1_000..) {
                assert_eq!(sum.expect("no trap"), Some(Val::S64(below * (below - 1) / 2)));
            }
        }
    });
}

fn reactor(engine: &Engine) -> Component {
    let adapted = weft_adapt::adapt(REACTOR).expect("a module with threads");
    Component::new(engine, &adapted).expect("a valid component")
}

fn instantiate(component: &Component) -> Instance<WasiCtx> {
    let mut linker = Linker::new(component.engine());
    weft_wasi::add_to_linker(&mut linker, |host: &WasiCtx| host).expect("an empty linker");
    let wasi = WasiCtxBuilder::new().build().expect("a context");
    let instance = linker.instantiate(component, wasi).expect("an instance");
    call(&instance, "initialize", &[]).expect("no trap");
    instance
}

fn call(instance: &Instance<WasiCtx>, name: &str, arguments: &[Val]) -> Result<Option<Val>, Error> {
    instance.get_func(&[name]).expect(name).call(arguments)
}

#[test]
fn a_library_is_called_again_and_again() {
    watched(|| {
        for workers in WORKERS {
            let instance = instantiate(&reactor(&engine(workers)));
            assert_eq!(
                call(&instance, "is-initialized", &[]).expect("no trap"),
                Some(Val::S32(1))
            );
            for n in 0..50 {
                let sum = call(&instance, "add", &[Val::S32(n), Val::S32(2)]);
                assert_eq!(sum.expect("no trap"), Some(Val::S32(n + 2)));
                let sum = call(&instance, "parallel-sum", &[Val::S32(1_000 + n)]);
                let below = i64::from(1_000 + n);
                assert_eq!(sum.expect("no trap"), Some(Val::S64(below * (below - 1) / 2)));
            }
        }
    });
}

#[test]
fn an_embedder_survives_a_trap_and_runs_the_next_program() {
    watched(|| {
        for workers in WORKERS {
            let component = reactor(&engine(workers));
            for _ in 0..10 {
                let instance = instantiate(&component);
                let trap = trap(call(&instance, "trap-in-thread", &[]));
                assert!(trap.thread() > Some(1), "{trap}");
                assert!(trap.message().contains("unreachable"), "{trap}");
                assert_eq!(functions(&trap).first(), Some(&"trap"), "{:?}", trap.backtrace());
                call(&instance, "add", &[Val::S32(1), Val::S32(2)]).expect_err("the program has trapped");
            }
            let instance = instantiate(&component);
            let sum = call(&instance, "parallel-sum", &[Val::S32(100)]);
            assert_eq!(sum.expect("no trap"), Some(Val::S64(4_950)));
        }
    });
}
