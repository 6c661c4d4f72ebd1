//! Imported component functions: how the host defines them, what goes in and out, and from how many threads at once.

use crate::support::{WORKERS, component, engine, trap, watched};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use weft::{Component, Engine, Error, Exit, Linker, Val};

/// Threads call what they import, each with a line of its own. `run` starts `$threads` of them and waits until they are done.
const THREADS: &str = r#"(component
    (import "test:lines/sink@1.0.0" (instance $sink
        (export "line" (func (param "text" string)))
        (export "all" (func (param "lines" (list string))))
        (export "name" (func (param "number" u32) (result string)))))
    (core module $libc
        (type $allocate (shared (func (param i32 i32 i32 i32) (result i32))))
        (type $get (shared (func (result i32))))
        (type $set (shared (func (param i32))))
        (import "host" "get" (func $get (type $get)))
        (import "host" "set" (func $set (type $set)))
        (memory (export "memory") 4 4 shared)
        (table (export "table") shared 4 4 (ref null (shared func)))
        (data (i32.const 0) "\00\10")
        ;; A slot that is not empty here is an error.
        (func (export "realloc") (type $allocate)
            (if (call $get) (then (unreachable)))
            (call $set (i32.const 1))
            (i32.and (i32.atomic.rmw.add (i32.const 0) (i32.add (local.get 3) (i32.const 16))) (i32.const -8))))
    (core type $start (shared (func (param i32))))
    (core func $set (canon context.set i32 0))
    (core func $get (canon context.get i32 0))
    (core instance $libc (instantiate $libc
        (with "host" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))
    (core func $spawn (canon thread.spawn-indirect $start (table $libc "table")))
    (core func $index (canon thread.index))
    (core func $line (canon lower (func $sink "line") (memory $memory)))
    (core func $all (canon lower (func $sink "all") (memory $memory)))
    (core func $name (canon lower (func $sink "name") (memory $memory) (realloc $realloc)))
    (core module $main
        (type $start (shared (func (param i32))))
        (type $void (shared (func)))
        (type $get (shared (func (result i32))))
        (type $pair (shared (func (param i32 i32))))
        (type $binary (shared (func (param i32 i32) (result i32))))
        (import "libc" "memory" (memory 4 4 shared))
        (import "libc" "table" (table $table shared 4 4 (ref null (shared func))))
        (import "host" "spawn" (func $spawn (type $binary)))
        (import "host" "index" (func $index (type $get)))
        (import "host" "get" (func $get (type $get)))
        (import "host" "set" (func $set (type $start)))
        (import "host" "line" (func $line (type $pair)))
        (import "host" "all" (func $all (type $pair)))
        (import "host" "name" (func $name (type $pair)))
        (data (i32.const 64) "abbab")
        ;; Two strings: a pointer and a length each.
        (data (i32.const 128) "\40\00\00\00\03\00\00\00\40\00\00\00\05\00\00\00")
        (func $finish (type $void)
            (drop (i32.atomic.rmw.add (i32.const 16) (i32.const 1)))
            (drop (memory.atomic.notify (i32.const 16) (i32.const -1))))
        ;; Logs the name that the host gives for its argument, and checks that its slot is as it was.
        (func $named (type $start) (param $number i32) (local $at i32)
            (call $set (i32.const 9))
            (local.set $at (i32.add (i32.const 512) (i32.mul (local.get $number) (i32.const 8))))
            (call $name (local.get $number) (local.get $at))
            (call $line (i32.load (local.get $at)) (i32.load offset=4 (local.get $at)))
            (if (i32.ne (call $get) (i32.const 9)) (then (unreachable)))
            (call $finish))
        ;; Passes the two strings until it is told to end.
        (func $passes (type $start) (param $rounds i32)
            (loop $again
                (call $all (i32.const 128) (i32.const 2))
                (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
                (br_if $again (local.get $rounds)))
            (call $finish))
        ;; Until that is so for all, changes a length and a byte: to others that are good, or to ones that are not.
        (func $writes (type $start) (param $bad i32) (local $length i32) (local $byte i32)
            (local.set $length (select (i32.const -1) (i32.const 3) (local.get $bad)))
            (local.set $byte (select (i32.const 0xff) (i32.const 0x61) (local.get $bad)))
            (loop $again
                (i32.atomic.store (i32.const 132) (i32.const 5))
                (i32.atomic.store8 (i32.const 65) (i32.const 0x62))
                (i32.atomic.store (i32.const 132) (local.get $length))
                (i32.atomic.store8 (i32.const 65) (local.get $byte))
                (br_if $again (i32.ne (i32.atomic.load (i32.const 16)) (i32.const 8)))))
        (elem (table $table) (i32.const 0) (ref null (shared func))
            (ref.func $named) (ref.func $passes) (ref.func $writes))
        (func $wait (type $start) (param $threads i32) (local $seen i32)
            (loop $again
                (local.set $seen (i32.atomic.load (i32.const 16)))
                (if (i32.ne (local.get $seen) (local.get $threads)) (then
                    (drop (memory.atomic.wait32 (i32.const 16) (local.get $seen) (i64.const -1)))
                    (br $again)))))
        (func (export "run") (type $start) (param $threads i32) (local $next i32)
            (loop $again
                (drop (call $spawn (i32.const 0) (local.get $next)))
                (local.set $next (i32.add (local.get $next) (i32.const 1)))
                (br_if $again (i32.ne (local.get $next) (local.get $threads))))
            (call $wait (local.get $threads)))
        (func (export "race") (type $pair) (param $rounds i32) (param $bad i32) (local $next i32)
            (drop (call $spawn (i32.const 2) (local.get $bad)))
            (loop $again
                (drop (call $spawn (i32.const 1) (local.get $rounds)))
                (local.set $next (i32.add (local.get $next) (i32.const 1)))
                (br_if $again (i32.ne (local.get $next) (i32.const 8))))
            (call $wait (i32.const 8))))
    (core instance $main (instantiate $main
        (with "libc" (instance $libc))
        (with "host" (instance
            (export "spawn" (func $spawn)) (export "index" (func $index))
            (export "get" (func $get)) (export "set" (func $set))
            (export "line" (func $line)) (export "all" (func $all)) (export "name" (func $name))))))
    (func (export "run") (param "threads" u32) (canon lift (core func $main "run")))
    (func (export "race") (param "rounds" u32) (param "bad" bool) (canon lift (core func $main "race"))))"#;

const SINK: &str = "test:lines/sink@1.0.0";

/// What the host was given.
#[derive(Default)]
struct Sink {
    lines: Mutex<Vec<String>>,
}

impl Sink {
    fn sorted(&self) -> Vec<String> {
        let mut lines = self.lines.lock().expect("no panic under the lock").clone();
        lines.sort();
        lines
    }

    fn add(&self, argument: &Val) {
        let Val::String(line) = argument else {
            panic!("a string: {argument:?}")
        };
        self.lines.lock().expect("no panic under the lock").push(line.clone());
    }
}

fn name_of(arguments: &[Val]) -> Option<Val> {
    match arguments {
        [Val::U32(number)] => Some(Val::String(format!("thread {number}"))),
        other => panic!("a number: {other:?}"),
    }
}

/// How host functions are defined.
#[derive(Debug, Clone, Copy)]
enum Form {
    Returning,
    Async,
    Blocking,
}

fn linker(engine: &Engine, form: Form) -> Linker<Sink> {
    let mut linker = Linker::<Sink>::new(engine);
    let mut sink = linker.instance(SINK).expect("no function has this name");
    match form {
        Form::Returning => sink
            .func_new("line", |thread, arguments| {
                thread.data().host().add(&arguments[0]);
                Ok(None)
            })
            .and_then(|sink| sink.func_new("name", |_, arguments| Ok(name_of(arguments)))),
        Form::Async => sink
            .func_new_async("line", |thread, arguments| {
                Box::new(async move {
                    weft::yield_now().await;
                    thread.data().host().add(&arguments[0]);
                    Ok(None)
                })
            })
            .and_then(|sink| {
                sink.func_new_async("name", |_, arguments| {
                    Box::new(async move {
                        weft::yield_now().await;
                        Ok(name_of(arguments))
                    })
                })
            }),
        Form::Blocking => sink
            .func_new_blocking("line", |caller, arguments| {
                caller.host().add(&arguments[0]);
                Ok(None)
            })
            .and_then(|sink| sink.func_new_blocking("name", |_, arguments| Ok(name_of(arguments)))),
    }
    .expect("defined once");
    sink.func_new("all", |thread, arguments| {
        let Some(Val::List(lines)) = arguments.first() else {
            panic!("a list: {arguments:?}")
        };
        lines.iter().for_each(|line| thread.data().host().add(line));
        Ok(None)
    })
    .expect("defined once");
    linker
}

#[test]
fn many_threads_call_host_functions_of_each_form() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let component = component(&engine, THREADS);
            for form in [Form::Returning, Form::Async, Form::Blocking] {
                let instance = linker(&engine, form)
                    .instantiate(&component, Sink::default())
                    .expect("an instance");
                let run = instance.get_func(&["run"]).expect("exported");
                assert_eq!(run.call(&[Val::U32(16)]).expect("no trap"), None, "{form:?}");
                let mut expected: Vec<String> = (0..16).map(|number| format!("thread {number}")).collect();
                expected.sort();
                assert_eq!(instance.host().sorted(), expected, "{form:?}");
            }
        }
    });
}

#[test]
fn two_threads_are_in_one_host_function_at_once() {
    watched(|| {
        let engine = engine(2);
        let component = component(&engine, THREADS);
        let mut linker = Linker::<()>::new(&engine);
        let barrier = Barrier::new(2);
        let mut sink = linker.instance(SINK).expect("no function has this name");
        sink.func_new("line", move |_, _| {
            // One thread alone waits here for ever.
            barrier.wait();
            Ok(None)
        })
        .and_then(|sink| sink.func_new("all", |_, _| Ok(None)))
        .and_then(|sink| sink.func_new("name", |_, arguments| Ok(name_of(arguments))))
        .expect("defined once");
        let instance = linker.instantiate(&component, ()).expect("an instance");
        let run = instance.get_func(&["run"]).expect("exported");
        assert_eq!(run.call(&[Val::U32(2)]).expect("no trap"), None);
    });
}

#[test]
fn values_that_another_thread_rewrites_are_values_or_traps() {
    watched(|| {
        let engine = engine(2);
        let component = component(&engine, THREADS);
        let linker = linker(&engine, Form::Returning);
        // What the writer leaves behind is always good: there is no trap, and each string is one of those that can be read.
        let instance = linker.instantiate(&component, Sink::default()).expect("an instance");
        let race = instance.get_func(&["race"]).expect("exported");
        race.call(&[Val::U32(200), Val::Bool(false)]).expect("no trap");
        let lines = instance.host().sorted();
        assert_eq!(lines.len(), 8 * 200 * 2);
        for line in lines {
            assert!(["aab", "abb", "aabab", "abbab"].contains(&line.as_str()), "{line}");
        }
        // What it leaves behind may be bad. Then there is a trap, unless each of the reads found something good.
        for _ in 0..50 {
            let instance = linker.instantiate(&component, Sink::default()).expect("an instance");
            let race = instance.get_func(&["race"]).expect("exported");
            match race.call(&[Val::U32(20), Val::Bool(true)]) {
                Ok(result) => assert_eq!(result, None),
                Err(Error::Trap(trap)) => {
                    let message = trap.message();
                    let expected = [
                        "string too long",
                        "string pointer/length out of bounds",
                        "invalid utf-8",
                    ];
                    assert!(expected.iter().any(|start| message.starts_with(start)), "{message}");
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    });
}

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
            move |_: weft::ThreadContext<'_, ()>, _: &[Val]| Ok(Some(Val::String(text.clone())))
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
            Some("`f` is defined already: give each function and instance a name of its own")
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
            assert_eq!(trap(run.call(&[])).message(), format!("host function `f`: {reason}"));
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
                    true => weft::wasmtime::Error::from(Exit(7)),
                    false => weft::wasmtime::Error::msg("no name today"),
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
