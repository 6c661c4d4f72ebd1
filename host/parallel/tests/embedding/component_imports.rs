//! Imported component functions that many threads call at once.

use crate::support::{WORKERS, component, engine, watched};
use std::sync::{Barrier, Mutex};
use weft_parallel::{Engine, Error, Linker, Val};

/// Threads call what they import, each with a line of its own. `run` starts `$threads` of them and waits until they are done.
pub const THREADS: &str = r#"(component
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

pub const SINK: &str = "test:lines/sink@1.0.0";

/// What the host was given.
#[derive(Default)]
pub struct Sink {
    pub lines: Mutex<Vec<String>>,
}

impl Sink {
    pub fn sorted(&self) -> Vec<String> {
        let mut lines = self.lines.lock().expect("no panic under the lock").clone();
        lines.sort();
        lines
    }

    pub fn add(&self, argument: &Val) {
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
                    weft_parallel::yield_now().await;
                    thread.data().host().add(&arguments[0]);
                    Ok(None)
                })
            })
            .and_then(|sink| {
                sink.func_new_async("name", |_, arguments| {
                    Box::new(async move {
                        weft_parallel::yield_now().await;
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
