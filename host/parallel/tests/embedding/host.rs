//! Host modules: functions that many threads call at once, their shared state, and errors.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use weft_parallel::{Caller, Component, Error, Func, Linker, OutOfBounds, Val};

use crate::support::{Host, Program, Running, WORKERS, component, engine, linker, trap, until, watched};

/// Spawns as many children as its argument says, and waits until all have finished.
const RUN: &str = r#"
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func (export "run") (type $start) (param $threads i32) (local $n i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (loop $each
            (drop (call $spawn (i32.const 0) (local.get $n)))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if $each (i32.ne (local.get $n) (local.get $threads))))
        (call $join (local.get $threads)))
"#;

fn instantiate(linker: &Linker<Arc<Host>>, component: &Component) -> Running {
    let host = Host::new();
    let instance = linker.instantiate(component, host.clone()).expect("an instance");
    Running { instance, host }
}

/// A program of [`RUN`] with `code` and further imports.
fn program(engine: &weft_parallel::Engine, code: &str, imports: &[(&str, &str)]) -> Component {
    let program = Program {
        code: &format!("{RUN} {code}"),
        exports: &[("run", "(param \"threads\" s32)")],
        imports,
        ..Program::default()
    };
    component(engine, &program.text())
}

#[test]
fn many_threads_are_in_an_async_host_function_at_once() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param i32) (call $barrier) (call $finish))";
        for workers in WORKERS {
            let engine = engine(workers);
            let mut linker = linker(&engine);
            // None of the threads gets out before all are in, however few workers there are.
            let barrier = Arc::new(async_lock::Barrier::new(100));
            let passed = Arc::new(AtomicU32::new(0));
            let counter = passed.clone();
            linker
                .module("host")
                .func_wrap_async("barrier", move |_: Caller<'_, Arc<Host>>, (): ()| {
                    let (barrier, counter) = (barrier.clone(), counter.clone());
                    Box::new(async move {
                        barrier.wait().await;
                        counter.fetch_add(1, Ordering::Relaxed);
                    })
                })
                .expect("a new name");
            let program = instantiate(&linker, &program(&engine, CODE, &[("barrier", "")]));
            for round in 1..=3 {
                program.call("run", &[100]).expect("no trap");
                assert_eq!(passed.load(Ordering::Relaxed), 100 * round);
            }
        }
    });
}

#[test]
fn two_threads_are_in_a_sync_host_function_at_once() {
    watched(|| {
        // A sync function keeps its worker, so the engine needs two. The caller of `run` holds none while it waits.
        const CODE: &str = "(func $child (type $start) (param i32) (call $barrier) (call $finish))";
        for workers in [2, 8] {
            let engine = engine(workers);
            let mut linker = linker(&engine);
            let barrier = std::sync::Barrier::new(2);
            let enter = move |_: Caller<'_, Arc<Host>>| {
                barrier.wait();
            };
            linker.module("host").func_wrap("barrier", enter).expect("a new name");
            let program = instantiate(&linker, &program(&engine, CODE, &[("barrier", "")]));
            for _ in 0..20 {
                program.call("run", &[2]).expect("no trap");
            }
        }
    });
}

#[test]
fn all_threads_share_one_host_state() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param $n i32) (local $left i32)
            (local.set $left (i32.const 100))
            (loop $again
                (call $log (local.get $n))
                (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
            (call $finish))";
        for workers in WORKERS {
            let engine = engine(workers);
            let component = program(&engine, CODE, &[]);
            let (program, other) = (Running::new(&component), Running::new(&component));
            program.call("run", &[50]).expect("no trap");
            let expected: Vec<i32> = (0..50).flat_map(|n| [n; 100]).collect();
            assert_eq!(program.host.sorted_values(), expected);
            assert!(Arc::ptr_eq(program.instance.host(), &program.host));
            assert_eq!(other.host.log(), [], "another program has another state");
        }
    });
}

#[test]
fn host_functions_reach_the_memory_of_their_program() {
    watched(|| {
        const CODE: &str = r#"(func $child (type $start) (param $n i32) (local $cell i32)
                (local.set $cell (i32.add (i32.const 64) (i32.shl (local.get $n) (i32.const 2))))
                (i32.store (local.get $cell) (local.get $n))
                (call $double (local.get $cell))
                (call $double_later (local.get $cell))
                (call $log (i32.load (local.get $cell)))
                (drop (memory.grow (i32.const 1)))
                (call $double (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)))
                (call $finish))
            (func (export "double") (type $start) (param $address i32) (call $double (local.get $address)))"#;
        fn double(caller: &Caller<'_, Arc<Host>>, address: i32) -> wasmtime::Result<()> {
            let memory = caller.data().memory()?;
            let address = u64::from(address.cast_unsigned());
            let mut bytes = [0; 4];
            memory.read(address, &mut bytes)?;
            let doubled = i32::from_le_bytes(bytes) * 2;
            memory.write(address, &doubled.to_le_bytes())?;
            Ok(())
        }
        for workers in WORKERS {
            let engine = engine(workers);
            let mut linker = linker(&engine);
            let mut host = linker.module("host");
            host.func_wrap("double", |caller: Caller<'_, Arc<Host>>, address: i32| {
                double(&caller, address)
            })
            .expect("a new name");
            host.func_wrap_async("double_later", |caller: Caller<'_, Arc<Host>>, (address,): (i32,)| {
                Box::new(async move {
                    weft_parallel::yield_now().await;
                    double(&caller, address)
                })
            })
            .expect("a new name");
            let text = Program {
                code: &format!("{RUN} {CODE}"),
                exports: &[
                    ("run", "(param \"threads\" s32)"),
                    ("double", "(param \"address\" s32)"),
                ],
                imports: &[("double", "(param i32)"), ("double_later", "(param i32)")],
                ..Program::default()
            }
            .text();
            let program = instantiate(&linker, &component(&engine, &text));
            program.call("run", &[15]).expect("no trap");
            assert_eq!(program.host.sorted_values(), (0..15).map(|n| 4 * n).collect::<Vec<_>>());
            program.call("double", &[16 * 65_536 - 4]).expect("the last word");
            // An error of the host function is a trap that says what the error says.
            let trap = trap(program.call("double", &[16 * 65_536 - 3]));
            let error = OutOfBounds {
                address: 16 * 65_536 - 3,
                length: 4,
            };
            assert!(trap.message().contains(&error.to_string()), "{trap}");
        }
    });
}

#[test]
fn a_component_that_passes_no_memory_has_none() {
    watched(|| {
        const COMPONENT: &str = r#"(component
            (import "host" (core module $host (export "look" (func))))
            (core instance $host (instantiate $host))
            (core module $m (import "host" "look" (func $look)) (func (export "f") (call $look)))
            (core instance $i (instantiate $m (with "host" (instance $host))))
            (func (export "f") (canon lift (core func $i "f"))))"#;
        let engine = engine(1);
        let mut linker = Linker::<()>::new(&engine);
        linker
            .module("host")
            .func_wrap("look", |caller: Caller<'_, ()>| caller.data().memory().map(|_| ()))
            .expect("a new name");
        let instance = linker
            .instantiate(&component(&engine, COMPONENT), ())
            .expect("an instance");
        let trap = trap(instance.get_func(&["f"]).expect("exported").call(&[]));
        assert!(trap.message().contains("no memory"), "{trap}");
    });
}

/// A host state that can call the program which it belongs to.
#[derive(Default)]
struct CallBack {
    answer: OnceLock<Func<CallBack>>,
    heard: async_lock::Mutex<Vec<i32>>,
}

#[test]
fn a_host_function_calls_its_program() {
    watched(|| {
        const COMPONENT: &str = r#"(component
            (core module $state (table (export "table") shared 1 1 (ref null (shared func))))
            (core instance $state (instantiate $state))
            (alias core export $state "table" (core table $table))
            (core type $start (shared (func (param i32))))
            (core func $spawn (canon thread.spawn-indirect $start $table))
            (import "host" (core module $host
                (type $void (shared (func)))
                (export "ask" (func (type $void)))
                (export "wait" (func (type $void)))))
            (core instance $host (instantiate $host))
            (core instance $thread (export "spawn" (func $spawn)))
            (core module $m
                (type $void (shared (func)))
                (type $start (shared (func (param i32))))
                (type $unary (shared (func (param i32) (result i32))))
                (type $binary (shared (func (param i32 i32) (result i32))))
                (import "state" "table" (table $table shared 1 1 (ref null (shared func))))
                (import "host" "ask" (func $ask (type $void)))
                (import "host" "wait" (func $wait (type $void)))
                (import "thread" "spawn" (func $spawn (type $binary)))
                (func $child (type $start) (param i32) (call $wait) (call $ask))
                (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
                (func (export "answer") (type $unary) (param $n i32) (result i32)
                    (i32.add (local.get $n) (i32.const 1)))
                (func (export "spawn") (type $unary) (param $n i32) (result i32)
                    (call $wait)
                    (call $spawn (i32.const 0) (local.get $n))))
            (core instance $i (instantiate $m
                (with "state" (instance $state)) (with "host" (instance $host)) (with "thread" (instance $thread))))
            (func (export "answer") (param "n" s32) (result s32) (canon lift (core func $i "answer")))
            (func (export "spawn") (param "n" s32) (result s32) (canon lift (core func $i "spawn"))))"#;
        for workers in WORKERS {
            let engine = engine(workers);
            let component = component(&engine, COMPONENT);
            let mut linker = Linker::<CallBack>::new(&engine);
            let mut host = linker.module("host");
            host.func_wrap_async("ask", |caller: Caller<'_, CallBack>, (): ()| {
                Box::new(async move {
                    let host = caller.data().host();
                    let answer = host.answer.get().expect("set before");
                    if let Ok(Some(Val::S32(value))) = answer.call_async(&[Val::S32(41)]).await {
                        host.heard.lock().await.push(value);
                    }
                })
            })
            .expect("a new name");
            // Waiting here would keep the worker from what is waited for.
            host.func_wrap("wait", |caller: Caller<'_, CallBack>| {
                let answer = caller.data().host().answer.get().expect("set before");
                let outcome = answer.call(&[Val::S32(1)]);
                assert!(matches!(outcome, Err(Error::WaitOnWorker)), "{outcome:?}");
            })
            .expect("a new name");
            let instance = linker
                .instantiate(&component, CallBack::default())
                .expect("an instance");
            let answer = instance.get_func(&["answer"]).expect("exported");
            assert!(instance.host().answer.set(answer).is_ok());
            let spawn = instance.get_func(&["spawn"]).expect("exported");
            for _ in 0..20 {
                spawn.call(&[Val::S32(0)]).expect("no trap");
            }
            until(|| *instance.host().heard.lock_blocking() == [42; 20]);
        }
    });
}

#[test]
fn a_host_function_is_lifted_as_it_is() {
    watched(|| {
        const COMPONENT: &str = r#"(component
            (import "host" (core module $host (export "half" (func (param i32 f64) (result f64)))))
            (core instance $host (instantiate $host))
            (func (export "half") (param "n" s32) (param "x" f64) (result f64) (canon lift (core func $host "half"))))"#;
        let engine = engine(1);
        let component = component(&engine, COMPONENT);
        let mut linker = Linker::<i32>::new(&engine);
        let half = |caller: Caller<'_, i32>, n: i32, x: f64| f64::from(caller.data().host() + n) + x / 2.0;
        linker.module("host").func_wrap("half", half).expect("a new name");
        let instance = linker.instantiate(&component, 10).expect("an instance");
        let half = instance.get_func(&["half"]).expect("exported");
        let result = half.call(&[Val::S32(5), Val::Float64(1.0)]).expect("no trap");
        assert_eq!(result, Some(Val::Float64(15.5)));
    });
}
