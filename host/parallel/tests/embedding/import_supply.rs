//! Imported component functions: how an import finds its host function, and the effects of its results and errors.

use crate::component_imports::{SINK, Sink, THREADS};
use crate::support::{component, engine, trap, watched};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use weft_parallel::{Component, Error, Exit, Linker, Val};

/// Calls a function that the component imports by itself, of this type, without parameters.
fn imports(imported: &str, result: &str, core: &str) -> String {
    format!(
        r#"(component
            {imported}
            (core module $libc
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
            (core instance $libc (instantiate $libc))
            (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
            (core module $m
                (import "" "memory" (memory 1))
                (import "" "f" (func $f {core}))
                (func (export "run") (result i32) BODY))
            (core instance $m (instantiate $m (with "" (instance
                (export "f" (func $f)) (export "memory" (memory $libc "memory"))))))
            (func (export "run") {result} (canon lift (core func $m "run") (memory (core memory $libc "memory")))))"#
    )
}

/// A component that imports `f`, which gives a string, and gives it back.
fn gives_string(imported: &str) -> String {
    imports(imported, "(result string)", "(param i32)").replace("BODY", "(call $f (i32.const 8)) (i32.const 8)")
}

const ROOT: &str = r#"(import "f" (func $f (result string)))"#;

#[test]
fn a_function_is_found_in_the_root_and_in_nested_instances() {
    watched(|| {
        let engine = engine(1);
        let nested = r#"(import "outer" (instance $outer
                (export "inner" (instance (export "f" (func (result string)))))))
            (alias export $outer "inner" (instance $inner))
            (alias export $inner "f" (func $f))"#;
        let give = |text: &str| {
            let text = text.to_owned();
            move |_: weft_parallel::ThreadContext<'_, ()>, _: &[Val]| Ok(Some(Val::String(text.clone())))
        };
        let mut linker = Linker::<()>::new(&engine);
        linker.root().func_new("f", give("root")).expect("defined once");
        linker
            .instance("outer")
            .expect("no function")
            .instance("inner")
            .expect("no function")
            .func_new("f", give("nested"))
            .expect("defined once");
        for (imported, expected) in [(ROOT, "root"), (nested, "nested")] {
            let component = component(&engine, &gives_string(imported));
            let instance = linker.instantiate(&component, ()).expect("an instance");
            let run = instance.get_func(&["run"]).expect("exported");
            assert_eq!(run.call(&[]).expect("no trap"), Some(Val::String(expected.to_owned())));
        }
        let twice = linker
            .root()
            .func_new("f", give("again"))
            .err()
            .map(|error| error.to_string());
        assert_eq!(
            twice.as_deref(),
            Some("`f` is already defined: give each function and instance a name of its own")
        );
        assert!(linker.instance("f").is_err() && linker.root().func_new("outer", give("")).is_err());
    });
}

#[test]
fn a_later_compatible_version_supplies_an_import() {
    watched(|| {
        let engine = engine(1);
        let versioned = |version: &str| {
            let import = format!(
                r#"(import "test:names/names@{version}" (instance $i (export "f" (func (result string)))))
                (alias export $i "f" (func $f))"#
            );
            component(&engine, &gives_string(&import))
        };
        let mut linker = Linker::<()>::new(&engine);
        for version in ["1.1.0", "1.3.0", "2.0.0"] {
            linker
                .instance(&format!("test:names/names@{version}"))
                .expect("no function")
                .func_new("f", move |_, _| Ok(Some(Val::String(version.to_owned()))))
                .expect("defined once");
        }
        for (imported, expected) in [
            ("1.0.0", "1.3.0"),
            ("1.1.0", "1.1.0"),
            ("1.9.0", "1.3.0"),
            ("2.0.1", "2.0.0"),
        ] {
            let instance = linker.instantiate(&versioned(imported), ()).expect("an instance");
            let run = instance.get_func(&["run"]).expect("exported");
            assert_eq!(
                run.call(&[]).expect("no trap"),
                Some(Val::String(expected.to_owned())),
                "{imported}"
            );
        }
        for imported in ["3.0.0", "0.1.0", "1.1.0-rc.1"] {
            let missing = linker.missing(&versioned(imported));
            assert_eq!(missing, [format!("test:names/names@{imported}")]);
        }
    });
}

#[test]
fn what_is_missing_is_named_before_anything_is_made() {
    watched(|| {
        let engine = engine(1);
        let component = component(&engine, THREADS);
        let mut linker = Linker::<()>::new(&engine);
        assert_eq!(linker.missing(&component), [SINK]);
        let mut sink = linker.instance(SINK).expect("no function");
        sink.func_new("line", |_, _| Ok(None)).expect("defined once");
        let missing = [format!("{SINK}#all"), format!("{SINK}#name")];
        assert_eq!(linker.missing(&component), missing);
        match linker.instantiate(&component, ()) {
            Err(Error::MissingImports(names)) => assert_eq!(names, missing),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("an instance without imports"),
        }
    });
}

#[test]
fn a_result_of_another_type_traps_and_names_the_function() {
    watched(|| {
        let engine = engine(1);
        for (result, reason) in [
            (None, "expected 1 result(s), found 0"),
            (Some(Val::U32(1)), "result: expected string, found u32"),
        ] {
            let component = component(&engine, &gives_string(ROOT));
            let mut linker = Linker::<()>::new(&engine);
            linker
                .root()
                .func_new("f", move |_, _| Ok(result.clone()))
                .expect("defined once");
            let instance = linker.instantiate(&component, ()).expect("an instance");
            let run = instance.get_func(&["run"]).expect("exported");
            assert_eq!(
                trap(run.call(&[])).message(),
                format!("host function `f` returned another type: {reason}")
            );
        }
    });
}

#[test]
fn errors_of_host_functions_end_the_program_as_elsewhere() {
    watched(|| {
        let engine = engine(2);
        let component = Component::new(&engine, gives_string(ROOT).as_bytes()).expect("a valid component");
        let calls = Arc::new(AtomicU32::new(0));
        for (exits, is_async) in [(true, false), (true, true), (false, false), (false, true)] {
            let mut linker = Linker::<()>::new(&engine);
            let calls = Arc::clone(&calls);
            let fail = move || {
                calls.fetch_add(1, Ordering::Relaxed);
                match exits {
                    true => weft_parallel::wasmtime::Error::from(Exit(7)),
                    false => weft_parallel::wasmtime::Error::msg("no name today"),
                }
            };
            let mut root = linker.root();
            match is_async {
                false => root.func_new("f", move |_, _| Err(fail())),
                true => root.func_new_async("f", move |_, _| {
                    let error = fail();
                    Box::new(async move { Err(error) })
                }),
            }
            .expect("defined once");
            let instance = linker.instantiate(&component, ()).expect("an instance");
            let run = instance.get_func(&["run"]).expect("exported");
            match (run.call(&[]), exits) {
                (Err(Error::Exit(7)), true) => {}
                (Err(Error::Trap(trap)), false) => assert_eq!(trap.message(), "no name today"),
                (other, _) => panic!("{other:?}"),
            }
        }
        assert_eq!(calls.load(Ordering::Relaxed), 4);
    });
}

#[test]
fn a_start_function_can_call_what_the_component_imports() {
    watched(|| {
        let engine = engine(1);
        let text = r#"(component
            (import "f" (func $f (param "text" string) (result string)))
            (core module $libc
                (memory (export "memory") 1)
                (data (i32.const 16) "at the start")
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
            (core instance $libc (instantiate $libc))
            (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
            (core module $m
                (import "" "f" (func $f (param i32 i32 i32)))
                (func $start (call $f (i32.const 16) (i32.const 12) (i32.const 8)))
                (start $start)
                (func (export "given") (result i32) (i32.const 8)))
            (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "given") (result string)
                (canon lift (core func $m "given") (memory (core memory $libc "memory")))))"#;
        let mut linker = Linker::<Sink>::new(&engine);
        linker
            .root()
            .func_new("f", |thread, arguments| {
                thread.data().host().add(&arguments[0]);
                Ok(Some(Val::String("heard".to_owned())))
            })
            .expect("defined once");
        let instance = linker
            .instantiate(&component(&engine, text), Sink::default())
            .expect("an instance");
        assert_eq!(instance.host().sorted(), ["at the start"]);
        let given = instance.get_func(&["given"]).expect("exported");
        assert_eq!(given.call(&[]).expect("no trap"), Some(Val::String("heard".to_owned())));
    });
}
