//! Calls of lifted functions: from any thread and any executor, with values of the right types, and one at a time if they are not shared.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use futures_lite::future::{block_on, or, zip};
use weft_parallel::{Caller, Component, Error, Linker, Val, ValType};

use crate::support::{Host, Program, Running, WORKERS, call, component, engine, linker, watched};

/// `call` says that it is inside, suspends twice, and says that it is outside again. Children do so, too, elsewhere.
const CODE: &str = r#"
    (type $exclusive (func (param i32) (result i32)))
    (type $exclusive_block (func))
    (func (export "call") (type $exclusive) (param $n i32) (result i32)
        (call $enter (i32.const 1))
        (call $yield)
        (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const 1000)))
        (call $enter (i32.const -1))
        (i32.add (local.get $n) (i32.const 1)))
    (func $child (type $start) (param i32)
        (loop $again
            (call $send (i32.const 0) (i32.const 0))
            (drop (call $receive (i32.const 1)))
            (br $again)))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func (export "spawn") (type $get) (call $spawn (i32.const 0) (i32.const 0)))
    (func (export "block") (type $exclusive_block)
        (call $send (i32.const 2) (i32.const 0))
        (drop (call $receive (i32.const 3))))
"#;

const EXPORTS: &[(&str, &str)] = &[
    ("call", "(param \"n\" s32) (result s32)"),
    ("spawn", "(result s32)"),
    ("block", ""),
];

/// A program, and the greatest number of calls that were inside at once.
fn start(workers: usize) -> (Running, Arc<AtomicI32>) {
    let engine = engine(workers);
    let program = Program {
        code: CODE,
        exports: EXPORTS,
        imports: &[("enter", "(param i32)")],
        ..Program::default()
    };
    let most = Arc::new(AtomicI32::new(0));
    let (inside, observed) = (AtomicI32::new(0), most.clone());
    let enter = move |_: Caller<'_, Arc<Host>>, change: i32| {
        let now = inside.fetch_add(change, Ordering::SeqCst) + change;
        observed.fetch_max(now, Ordering::SeqCst);
    };
    let mut linker = linker(&engine);
    linker.module("host").func_wrap("enter", enter).expect("a new name");
    let host = Host::new();
    let instance = linker
        .instantiate(&component(&engine, &program.text()), host.clone())
        .expect("an instance");
    (Running { instance, host }, most)
}

#[test]
fn calls_from_many_os_threads_never_overlap() {
    watched(|| {
        for workers in WORKERS {
            let (program, most) = start(workers);
            assert_ne!(program.call("spawn", &[]).expect("no trap"), 0);
            std::thread::scope(|scope| {
                for caller in 0..8 {
                    let program = &program;
                    scope.spawn(move || {
                        for n in 0..20 {
                            let n = 100 * caller + n;
                            assert_eq!(program.call("call", &[n]).expect("no trap"), n + 1);
                        }
                    });
                }
                // A guest thread runs meanwhile.
                for _ in 0..20 {
                    program.host.receive(0);
                    program.host.send(1, 0);
                }
            });
            assert_eq!(most.load(Ordering::SeqCst), 1, "{workers} workers");
        }
    });
}

#[test]
fn a_blocked_call_keeps_others_out_and_threads_running() {
    watched(|| {
        for workers in WORKERS {
            let (program, most) = start(workers);
            program.call("spawn", &[]).expect("no trap");
            std::thread::scope(|scope| {
                scope.spawn(|| program.call("block", &[]).expect("no trap"));
                program.host.receive(2);
                let second = scope.spawn(|| program.call("call", &[1]).expect("no trap"));
                for _ in 0..100 {
                    program.host.receive(0);
                    assert_eq!(most.load(Ordering::SeqCst), 0, "nobody has come in");
                    program.host.send(1, 0);
                }
                program.host.send(3, 0);
                assert_eq!(second.join().expect("no panic"), 2);
            });
        }
    });
}

#[test]
fn calls_can_be_awaited_on_any_executor() {
    watched(|| {
        for workers in WORKERS {
            let (program, most) = start(workers);
            let func = program.func("call");
            assert_eq!(
                block_on(func.call_async(&[Val::S32(1)])).expect("no trap"),
                Some(Val::S32(2))
            );
            for n in 0..50 {
                let (a, b) = block_on(zip(async { func.call_async(&[Val::S32(n)]).await }, async {
                    func.call_async(&[Val::S32(-n)]).await
                }));
                assert_eq!(a.expect("no trap"), Some(Val::S32(n + 1)));
                assert_eq!(b.expect("no trap"), Some(Val::S32(1 - n)));
            }
            assert_eq!(most.load(Ordering::SeqCst), 1);
        }
    });
}

#[test]
fn a_call_goes_on_when_nobody_awaits_it_any_more() {
    watched(|| {
        for workers in WORKERS {
            let (program, most) = start(workers);
            let block = program.func("block");
            let entered = async { program.host.receive_async(2).await };
            let given_up = block_on(or(
                async { block.call_async(&[]).await.map(|_| -1).expect("no trap") },
                entered,
            ));
            assert_eq!(given_up, 0, "the call is inside");
            std::thread::scope(|scope| {
                let second = scope.spawn(|| program.call("call", &[1]).expect("no trap"));
                assert_eq!(most.load(Ordering::SeqCst), 0, "the first call still holds the lock");
                program.host.send(3, 0);
                assert_eq!(second.join().expect("no panic"), 2);
            });
        }
    });
}

#[test]
fn instances_are_made_and_ended_on_any_executor() {
    watched(|| {
        let engine = engine(2);
        let program = Program {
            code: "(func (export \"f\") (type $get) (call $index))",
            exports: &[("f", "(result s32)")],
            ..Program::default()
        };
        let component = component(&engine, &program.text());
        block_on(async {
            let host = Host::new();
            let instance = linker(&engine)
                .instantiate_async(&component, host.clone())
                .await
                .expect("an instance");
            let f = instance.get_func(&["f"]).expect("exported");
            assert!(matches!(f.call_async(&[]).await, Ok(Some(Val::S32(_)))));
            drop(f);
            instance.end_async().await;
            assert_eq!(Arc::strong_count(&host), 1);
        });
    });
}

#[test]
fn calls_of_different_instances_overlap() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let code = CODE.replace("(call $enter", "(call $log");
            let program = Program {
                code: &code,
                exports: EXPORTS,
                ..Program::default()
            };
            let component = component(&engine, &program.text());
            let (blocked, other) = (Running::new(&component), Running::new(&component));
            let block = blocked.func("block");
            let caller = std::thread::spawn(move || call(&block, &[]));
            blocked.host.receive(2);
            assert_eq!(other.call("call", &[1]).expect("no trap"), 2);
            blocked.host.send(3, 0);
            caller.join().expect("no panic").expect("no trap");
        }
    });
}

/// Functions that give back their argument, one for each type, and one in an instance.
const VALUES: &str = r#"(component
    (core module $m
        (func (export "i32") (param i32) (result i32) (local.get 0))
        (func (export "i64") (param i64) (result i64) (local.get 0))
        (func (export "f32") (param f32) (result f32) (local.get 0))
        (func (export "f64") (param f64) (result f64) (local.get 0)))
    (core instance $i (instantiate $m))
    (func (export "bool") (param "x" bool) (result bool) (canon lift (core func $i "i32")))
    (func (export "s8") (param "x" s8) (result s8) (canon lift (core func $i "i32")))
    (func (export "u8") (param "x" u8) (result u8) (canon lift (core func $i "i32")))
    (func (export "s16") (param "x" s16) (result s16) (canon lift (core func $i "i32")))
    (func (export "u16") (param "x" u16) (result u16) (canon lift (core func $i "i32")))
    (func (export "s32") (param "x" s32) (result s32) (canon lift (core func $i "i32")))
    (func (export "u32") (param "x" u32) (result u32) (canon lift (core func $i "i32")))
    (func (export "s64") (param "x" s64) (result s64) (canon lift (core func $i "i64")))
    (func (export "u64") (param "x" u64) (result u64) (canon lift (core func $i "i64")))
    (func (export "float32") (param "x" f32) (result f32) (canon lift (core func $i "f32")))
    (func (export "float64") (param "x" f64) (result f64) (canon lift (core func $i "f64")))
    (func (export "char") (param "x" char) (result char) (canon lift (core func $i "i32")))
    (func (export "result") (param "x" (result)) (result (result)) (canon lift (core func $i "i32")))
    (func (export "bool-of") (param "x" u32) (result bool) (canon lift (core func $i "i32")))
    (func (export "u8-of") (param "x" u32) (result u8) (canon lift (core func $i "i32")))
    (func (export "s8-of") (param "x" u32) (result s8) (canon lift (core func $i "i32")))
    (func (export "char-of") (param "x" u32) (result char) (canon lift (core func $i "i32")))
    (func $f (param "x" s32) (result s32) (canon lift (core func $i "i32")))
    (instance $nested (export "f" (func $f)))
    (export "nested" (instance $nested)))"#;

fn values() -> weft_parallel::Instance<()> {
    let engine = engine(1);
    let component = Component::new(&engine, VALUES.as_bytes()).expect("a valid component");
    Linker::new(&engine).instantiate(&component, ()).expect("an instance")
}

#[test]
fn values_of_every_type_go_in_and_out() {
    watched(|| {
        let instance = values();
        for (name, values) in [
            ("bool", vec![Val::Bool(false), Val::Bool(true)]),
            ("s8", vec![Val::S8(i8::MIN), Val::S8(-1), Val::S8(i8::MAX)]),
            ("u8", vec![Val::U8(0), Val::U8(u8::MAX)]),
            ("s16", vec![Val::S16(i16::MIN), Val::S16(-1), Val::S16(i16::MAX)]),
            ("u16", vec![Val::U16(0), Val::U16(u16::MAX)]),
            ("s32", vec![Val::S32(i32::MIN), Val::S32(-1), Val::S32(i32::MAX)]),
            ("u32", vec![Val::U32(0), Val::U32(u32::MAX)]),
            ("s64", vec![Val::S64(i64::MIN), Val::S64(-1), Val::S64(i64::MAX)]),
            ("u64", vec![Val::U64(0), Val::U64(u64::MAX)]),
            ("float32", vec![Val::Float32(-0.5), Val::Float32(f32::INFINITY)]),
            ("float64", vec![Val::Float64(-0.5), Val::Float64(f64::MIN_POSITIVE)]),
            ("char", vec![Val::Char('\0'), Val::Char('ß'), Val::Char(char::MAX)]),
            ("result", vec![Val::Result(Ok(None)), Val::Result(Err(None))]),
        ] {
            let func = instance.get_func(&[name]).expect(name);
            for value in values {
                assert_eq!(func.call(std::slice::from_ref(&value)).expect("no trap"), Some(value));
            }
        }
        // Lifting: any non-zero value is true, and small integers are cut to their width.
        for (name, argument, result) in [
            ("bool-of", 2, Val::Bool(true)),
            ("bool-of", 0x100, Val::Bool(true)),
            ("u8-of", 0x1ff, Val::U8(0xff)),
            ("s8-of", 0x1ff, Val::S8(-1)),
            ("char-of", 0xd7ff, Val::Char('\u{d7ff}')),
        ] {
            let func = instance.get_func(&[name]).expect(name);
            assert_eq!(
                func.call(&[Val::U32(argument)]).expect("no trap"),
                Some(result),
                "{name}"
            );
        }
        for argument in [0xd800, 0xdfff, 0x11_0000, u32::MAX] {
            let func = values_func("char-of");
            let outcome = func.1.call(&[Val::U32(argument)]);
            assert!(matches!(outcome, Err(Error::Trap(_))), "{outcome:?}");
        }
    });
}

/// A function of a new instance, which it keeps alive.
fn values_func(name: &str) -> (weft_parallel::Instance<()>, weft_parallel::Func<()>) {
    let instance = values();
    let func = instance.get_func(&[name]).expect("exported");
    (instance, func)
}

#[test]
fn arguments_that_do_not_fit_are_refused_and_change_nothing() {
    watched(|| {
        let (_instance, func) = values_func("s32");
        for arguments in [
            &[][..],
            &[Val::U32(1)],
            &[Val::S64(1)],
            &[Val::Bool(true)],
            &[Val::S32(1), Val::S32(1)],
        ] {
            let outcome = func.call(arguments);
            assert!(matches!(outcome, Err(Error::Arguments(_))), "{outcome:?}");
        }
        assert_eq!(func.call(&[Val::S32(5)]).expect("no trap"), Some(Val::S32(5)));
    });
}

#[test]
fn functions_of_types_that_cannot_be_passed_are_refused_by_name() {
    let text = r#"(component
        (core module $m
            (memory (export "m") 1)
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
            (func (export "give") (result i32) unreachable)
            (func (export "take") (param i32 i32) unreachable))
        (core instance $i (instantiate $m))
        (func $give (result (stream u8)) (canon lift (core func $i "give")))
        (instance $nested (export "give" (func $give)))
        (export "nested" (instance $nested))
        (func (export "take") (param "x" (list (future string)))
            (canon lift (core func $i "take") (memory (core memory $i "m")) (realloc (core func $i "realloc"))))
        (core type $start (shared (func (param i32))))
        (core func (canon thread.spawn-ref shared $start)))"#;
    let engine = engine(1);
    let component = Component::new(&engine, text.as_bytes()).expect("a valid component");
    let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
    for (path, arguments, message) in [
        (
            &["nested", "give"][..],
            vec![],
            "`nested#give` cannot be called: its result has type `stream`, which",
        ),
        (
            &["take"],
            vec![Val::U32(1)],
            "`take` cannot be called: its parameter `x` has type `list<future>`, which",
        ),
    ] {
        let func = instance.get_func(path).expect("exported");
        match func.call(&arguments) {
            Err(error @ Error::NotCallable { .. }) => assert!(error.to_string().starts_with(message), "{error}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn functions_are_found_by_path_and_describe_themselves() {
    watched(|| {
        let instance = values();
        for path in [
            &[][..],
            &["none"],
            &["nested"],
            &["f"],
            &["nested", "g"],
            &["s32", "f"],
            &["nested", "f", "f"],
        ] {
            assert!(instance.get_func(path).is_none(), "{path:?}");
        }
        let nested = instance.get_func(&["nested", "f"]).expect("exported");
        assert_eq!(nested.call(&[Val::S32(3)]).expect("no trap"), Some(Val::S32(3)));
        let [param] = &*nested.ty().params else {
            panic!("one parameter: {:?}", nested.ty())
        };
        assert_eq!((param.name.as_str(), param.item.ty), ("x", ValType::S32));
        assert_eq!(nested.ty().result, Some(ValType::S32));
    });
}
