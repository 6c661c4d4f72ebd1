//! Functions with Rust types: the host's, with values of all kinds and from many threads, and the guest's that the host calls.

use crate::support::{WORKERS, component, engine, trap, watched};
use std::sync::Mutex;
use weft_parallel::wasmtime;
use weft_parallel::{Component, Error, Exit, HostParams, HostResult, Linker, ThreadContext};

const GREET: &str = include_str!("../../../../examples/components/greet.wat");

/// How a host function is defined.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    Returning,
    Suspending,
    Blocking,
}

pub const FORMS: [Form; 3] = [Form::Returning, Form::Suspending, Form::Blocking];

/// The lines that guest threads log.
#[derive(Default)]
pub struct Lines(pub Mutex<Vec<String>>);

impl Lines {
    pub fn add(&self, line: String) {
        self.0.lock().expect("no panic under the lock").push(line);
    }
}

#[test]
fn a_string_goes_in_and_comes_out_with_a_thread_that_logs_it() {
    watched(|| {
        for (workers, form) in WORKERS
            .into_iter()
            .flat_map(|workers| FORMS.map(|form| (workers, form)))
        {
            let engine = engine(workers);
            let mut linker = Linker::<Lines>::new(&engine);
            let mut log = linker.instance("example:greeting/log@1.0.0").expect("no function");
            match form {
                Form::Returning => log.func_wrap("line", |thread: ThreadContext<'_, Lines>, (line,): (String,)| {
                    thread.data().host().add(line);
                    Ok(())
                }),
                Form::Suspending => log.func_wrap_async("line", |thread, (line,): (String,)| {
                    Box::new(async move {
                        weft_parallel::yield_now().await;
                        thread.data().host().add(line);
                        Ok(())
                    })
                }),
                Form::Blocking => log.func_wrap_blocking("line", |caller, (line,): (String,)| {
                    caller.host().add(line);
                    Ok(())
                }),
            }
            .expect("defined once");
            let component = component(&engine, GREET);
            let instance = linker.instantiate(&component, Lines::default()).expect("an instance");
            let greet = instance
                .get_typed_func::<(String,), (String,)>(&["greet"])
                .expect("of this type");
            for name in ["", "weft", "Grüße 🦀"] {
                assert_eq!(
                    greet.call((name.to_owned(),)).expect("no trap").0,
                    format!("Hello, {name}")
                );
            }
            let lines = instance.host().0.lock().expect("no panic under the lock");
            assert_eq!(lines.len(), 3, "{form:?}");
        }
    });
}

/// A component whose `run` passes its arguments to the host's `f`, and what that gives to its caller. `$params` are the core types
/// of the parameters, and `$result` is that of the result, or none if it is in memory.
pub fn echo(types: &str, params: &str, result: Option<&str>) -> String {
    echo_with("", types, params, result)
}

/// [`echo`] with definitions of types before it.
pub fn echo_with(definitions: &str, types: &str, params: &str, result: Option<&str>) -> String {
    let count = params.split_whitespace().count();
    let passed: String = (0..count).map(|index| format!("(local.get {index})")).collect();
    let (result, returned, passed, then) = match result {
        Some(result) => (format!("(result {result})"), format!("(result {result})"), passed, ""),
        None => (
            "(param i32)".to_owned(),
            "(result i32)".to_owned(),
            format!("{passed}(i32.const 1024)"),
            "(i32.const 1024)",
        ),
    };
    format!(
        r#"(component
            {definitions}
            (import "f" (func $f {types}))
            (core module $libc
                (memory (export "memory") 4)
                (global $next (mut i32) (i32.const 4096))
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
                    (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
                    (global.set $next (i32.add (local.get $at) (local.get 3)))
                    (local.get $at)))
            (core instance $libc (instantiate $libc))
            (core func $f (canon lower (func $f)
                (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
            (core module $m
                (import "" "f" (func $f (param {params}) {result}))
                (func (export "run") (param {params}) {returned} (call $f {passed}) {then}))
            (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "run") {types} (canon lift (core func $m "run")
                (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))"#
    )
}

/// Passes a value to a guest, from there to a host function that checks it and gives it back, and back again.
pub fn goes_round<P>(component: &str, value: P)
where
    P: HostParams + HostResult + Clone + PartialEq + std::fmt::Debug + 'static,
{
    let engine = engine(1);
    for form in FORMS {
        let component = Component::new(&engine, component.as_bytes()).expect("a valid component");
        let mut linker = Linker::<()>::new(&engine);
        let mut root = linker.root();
        let expected = value.clone();
        let check = move |given: P| {
            assert_eq!(given, expected);
            Ok(given)
        };
        match form {
            Form::Returning => root.func_wrap("f", move |_: ThreadContext<'_, ()>, given: P| check(given)),
            Form::Suspending => root.func_wrap_async("f", move |_, given: P| {
                let outcome = check(given);
                Box::new(async move {
                    weft_parallel::yield_now().await;
                    outcome
                })
            }),
            Form::Blocking => root.func_wrap_blocking("f", move |_, given: P| check(given)),
        }
        .expect("defined once");
        let instance = linker.instantiate(&component, ()).expect("an instance");
        let run = instance.get_typed_func::<P, P>(&["run"]).expect("of this type");
        for _ in 0..2 {
            assert_eq!(run.call(value.clone()).expect("no trap"), value);
        }
    }
}

#[test]
fn functions_without_parameters_or_result_are_called() {
    watched(|| {
        let engine = engine(1);
        let mut linker = Linker::<Lines>::new(&engine);
        linker
            .root()
            .func_wrap("f", |thread: ThreadContext<'_, Lines>, (): ()| {
                thread.data().host().add("called".to_owned());
                Ok(())
            })
            .expect("defined once");
        let text = r#"(component
            (import "f" (func $f))
            (core func $f (canon lower (func $f)))
            (core module $m (import "" "f" (func $f)) (func (export "run") (call $f)))
            (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "run") (canon lift (core func $m "run"))))"#;
        let instance = linker
            .instantiate(&component(&engine, text), Lines::default())
            .expect("an instance");
        let run = instance.get_typed_func::<(), ()>(&["run"]).expect("of this type");
        run.call(()).expect("no trap");
        assert_eq!(instance.host().0.lock().expect("no panic").len(), 1);
    });
}

#[test]
fn a_host_function_of_other_types_is_refused_at_instantiation() {
    watched(|| {
        let engine = engine(1);
        let component = component(&engine, GREET);
        let mut linker = Linker::<()>::new(&engine);
        let mut log = linker.instance("example:greeting/log@1.0.0").expect("no function");
        log.func_wrap("line", |_: ThreadContext<'_, ()>, (_,): (Vec<u8>,)| Ok(()))
            .expect("defined once");
        match linker.instantiate(&component, ()) {
            Err(Error::Link(message)) => assert_eq!(
                message,
                "the host defines `example:greeting/log@1.0.0#line` with other types than the component imports: argument \
                 `text`: expected list, found string"
            ),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("a string is no list"),
        }
    });
}

#[test]
fn an_export_of_other_types_is_refused() {
    watched(|| {
        let engine = engine(1);
        let mut linker = Linker::<()>::new(&engine);
        linker
            .instance("example:greeting/log@1.0.0")
            .expect("no function")
            .func_wrap("line", |_: ThreadContext<'_, ()>, (_,): (String,)| Ok(()))
            .expect("defined once");
        let instance = linker.instantiate(&component(&engine, GREET), ()).expect("an instance");
        let refused = |error: Option<Error>| error.expect("refused").to_string();
        assert_eq!(
            refused(instance.get_typed_func::<(u32,), (String,)>(&["greet"]).err()),
            "`greet` has other types than the host expects: argument `name`: expected u32, found string"
        );
        assert_eq!(
            refused(instance.get_typed_func::<(String,), ()>(&["greet"]).err()),
            "`greet` has other types than the host expects: expected 1 result(s), found 0"
        );
        assert_eq!(
            refused(instance.get_typed_func::<(), ()>(&["great"]).err()),
            "the component exports no function `great`"
        );
        let greet = instance.get_func(&["greet"]).expect("exported");
        drop(instance);
        assert!(matches!(
            greet.typed::<(String,), (String,)>().err(),
            Some(Error::Ended)
        ));
    });
}

#[test]
fn an_error_of_a_host_function_ends_the_program() {
    watched(|| {
        let engine = engine(2);
        let text = echo(r#"(param "a" u32) (result u32)"#, "i32", Some("i32"));
        for form in FORMS {
            let component = Component::new(&engine, text.as_bytes()).expect("a valid component");
            let mut linker = Linker::<()>::new(&engine);
            let mut root = linker.root();
            let fail = |code: u32| -> wasmtime::Result<(u32,)> { Err(Exit(code as i32).into()) };
            match form {
                Form::Returning => root.func_wrap("f", move |_: ThreadContext<'_, ()>, (code,)| fail(code)),
                Form::Suspending => root.func_wrap_async("f", move |_, (code,)| Box::new(async move { fail(code) })),
                Form::Blocking => root.func_wrap_blocking("f", move |_, (code,)| fail(code)),
            }
            .expect("defined once");
            let instance = linker.instantiate(&component, ()).expect("an instance");
            let run = instance
                .get_typed_func::<(u32,), (u32,)>(&["run"])
                .expect("of this type");
            assert!(matches!(run.call((7,)), Err(Error::Exit(7))), "{form:?}");
        }
    });
}

#[test]
fn text_that_is_not_utf8_is_a_trap() {
    watched(|| {
        let text = r#"(component
            (import "f" (func $f (param "text" string)))
            (core module $libc (memory (export "memory") 1) (data (i32.const 16) "ok\ff"))
            (core instance $libc (instantiate $libc))
            (core func $f (canon lower (func $f) (memory (core memory $libc "memory"))))
            (core module $m
                (import "" "f" (func $f (param i32 i32)))
                (func (export "run") (call $f (i32.const 16) (i32.const 3))))
            (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "run") (canon lift (core func $m "run"))))"#;
        let engine = engine(1);
        let mut linker = Linker::<()>::new(&engine);
        linker
            .root()
            .func_wrap(
                "f",
                |_: ThreadContext<'_, ()>, (_,): (String,)| -> wasmtime::Result<()> { panic!("no text") },
            )
            .expect("defined once");
        let instance = linker.instantiate(&component(&engine, text), ()).expect("an instance");
        let run = instance.get_func(&["run"]).expect("exported");
        let message = trap(run.call(&[])).to_string();
        assert!(message.contains("invalid utf-8"), "{message}");
    });
}
