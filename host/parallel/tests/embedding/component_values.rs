//! Calls with values in memory. Values pass unchanged. If threads write them meanwhile, the call gets a value or traps. Each wrong
//! pointer traps.

use crate::support::{WORKERS, component, engine, functions, trap, watched};
use std::sync::Mutex;
use weft_parallel::{Component, Engine, Error, Instance, Linker, ThreadContext, Trap, Val};

/// `greet` gives "Hello, " and its argument. A thread writes the first part and logs it.
const GREET: &str = include_str!("../../../../examples/components/greet.wat");

/// What `log` was called with.
#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Lines {
    fn add(&self, line: &str) {
        self.0.lock().expect("no panic under the lock").push(line.to_owned());
    }

    fn count(&self) -> usize {
        self.0.lock().expect("no panic under the lock").len()
    }
}

fn text(value: &str) -> Val {
    Val::String(value.to_owned())
}

fn greeter(engine: &Engine) -> Instance<Lines> {
    let component = Component::new(engine, GREET.as_bytes()).expect("a valid component");
    let mut linker = Linker::<Lines>::new(engine);
    let mut log = linker.instance("example:greeting/log@1.0.0").expect("no function");
    log.func_new("line", log_line).expect("defined once");
    linker.instantiate(&component, Lines::default()).expect("an instance")
}

/// A host function that keeps what it is given.
fn log_line(thread: ThreadContext<'_, Lines>, arguments: &[Val]) -> weft_parallel::wasmtime::Result<Option<Val>> {
    let [Val::String(line)] = arguments else {
        panic!("one string: {arguments:?}")
    };
    thread.data().host().add(line);
    Ok(None)
}

#[test]
fn a_string_goes_in_and_comes_out_of_a_call_with_a_thread_in_it() {
    watched(|| {
        for workers in WORKERS {
            let instance = greeter(&engine(workers));
            let greet = instance.get_func(&["greet"]).expect("exported");
            for name in ["", "weft", "Grüße 🦀"] {
                let greeting = greet.call(&[text(name)]).expect("no trap");
                assert_eq!(greeting, Some(text(&format!("Hello, {name}"))));
            }
            assert_eq!(instance.host().count(), 3);
        }
    });
}

/// Functions that give and take what their arguments say. `$memory` and `$realloc` are where values go.
const HOSTILE: &str = include_str!("hostile_values.wat");

/// An instance of [`HOSTILE`], with a function `take-REALLOC` for each of its reallocs.
fn hostile(engine: &Engine) -> Instance<Lines> {
    let takes = [
        "outside",
        "misaligned",
        "wraps",
        "trapping",
        "leaving",
        "logging",
        "growing",
    ]
    .map(|realloc| {
        format!(
            r#"(func (export "take-{realloc}") (param "list" (list u32))
                (canon lift (core func $main "take") (memory $memory) (realloc (func $main "{realloc}"))))"#
        )
    });
    let component = component(engine, &HOSTILE.replace("TAKES", &takes.concat()));
    let mut linker = Linker::<Lines>::new(engine);
    linker.root().func_new("log", log_line).expect("defined once");
    linker.instantiate(&component, Lines::default()).expect("an instance")
}

/// The trap that a call of a new instance of [`HOSTILE`] ends with.
fn hostile_trap(engine: &Engine, name: &str, arguments: &[Val]) -> Trap {
    let instance = hostile(engine);
    let func = instance.get_func(&[name]).expect(name);
    let trap = trap(func.call(arguments));
    // The instance has ended, and says the same again.
    match func.call(arguments) {
        Err(Error::Trap(again)) => assert_eq!(again.message(), trap.message()),
        other => panic!("{other:?}"),
    }
    trap
}

#[test]
fn wrong_pointers_of_results_and_arguments_trap() {
    watched(|| {
        let engine = engine(2);
        let number = |value: u32| Val::U32(value);
        for (name, pointer, length, message) in [
            ("give", 0xffff, 2, "string pointer/length out of bounds of memory"),
            ("give", u32::MAX, 1, "string pointer/length out of bounds of memory"),
            ("give", 0, 0x1000_0000, "string too long"),
            ("give", 18, 1, "invalid utf-8"),
            ("give", 19, 3, "invalid utf-8"),
            ("give-utf16", 17, 1, "string pointer not aligned to 2"),
            ("give-utf16", 0xfffe, 2, "string pointer/length out of bounds of memory"),
            ("give-list", 4, 1, "list pointer is not aligned"),
            (
                "give-list",
                0x10000 - 8,
                2,
                "list pointer/length out of bounds of memory",
            ),
            ("say", 0xffff, 2, "string pointer/length out of bounds of memory"),
            ("say", 18, 1, "invalid utf-8"),
        ] {
            let trap = hostile_trap(&engine, name, &[number(pointer), number(length)]);
            assert!(trap.message().starts_with(message), "{name}: {trap}");
        }
        for (area, message) in [
            (2, "pointer not aligned to 4"),
            (0x10000 - 4, "pointer out of bounds of memory"),
            (0xffff_fffc, "pointer out of bounds of memory"),
        ] {
            let trap = hostile_trap(&engine, "area", &[number(area)]);
            assert!(trap.message().starts_with(message), "{trap}");
        }
        // What is in bounds is a value, however close to the end.
        let instance = hostile(&engine);
        let give = instance.get_func(&["give"]).expect("exported");
        for (pointer, length, value) in [(16, 2, "ok"), (0x10000, 0, ""), (0xffff, 1, "\0")] {
            let given = give.call(&[number(pointer), number(length)]).expect("no trap");
            assert_eq!(given, Some(text(value)));
        }
    });
}

#[test]
fn what_realloc_does_wrong_traps() {
    watched(|| {
        let engine = engine(2);
        let list = [Val::List(vec![Val::U32(1), Val::U32(2)])];
        for (realloc, message) in [
            ("outside", "realloc return: beyond end of memory"),
            ("misaligned", "realloc return: result not aligned"),
            ("wraps", "realloc return: beyond end of memory"),
            ("trapping", "wasm trap: wasm `unreachable` instruction executed"),
            ("leaving", "cannot leave component instance"),
            ("logging", "cannot leave component instance"),
        ] {
            let trap = hostile_trap(&engine, &format!("take-{realloc}"), &list);
            assert!(trap.message().starts_with(message), "{realloc}: {trap}");
        }
        let trapped = hostile_trap(&engine, "take-trapping", &list);
        assert_eq!(functions(&trapped), ["trapping"], "{trapped:?}");
        // The result is compared with the size that the memory has after the call.
        let instance = hostile(&engine);
        let grows = instance.get_func(&["take-growing"]).expect("exported");
        for _ in 0..3 {
            assert_eq!(grows.call(&list).expect("no trap"), None);
        }
        assert!(matches!(grows.call(&list), Err(Error::Trap(_))), "the memory is full");
    });
}

#[test]
fn a_post_return_function_cannot_call_an_import() {
    watched(|| {
        let engine = engine(2);
        let trap = hostile_trap(&engine, "give-and-log", &[Val::U32(16), Val::U32(2)]);
        assert_eq!(trap.message(), "cannot leave component instance");
    });
}

#[test]
fn realloc_finds_empty_context_slots_and_the_call_finds_none_of_what_it_writes() {
    watched(|| {
        let instance = hostile(&engine(2));
        let slots = instance.get_func(&["slots"]).expect("exported");
        for _ in 0..2 {
            assert_eq!(slots.call(&[text("x")]).expect("no trap"), Some(Val::U32(1)));
        }
    });
}

/// Returns the list that it takes. What stands for `TYPES` defines the element's type, and `ELEMENT` names it.
const ECHO: &str = r#"(component
    (core module $m
        (memory (export "memory") MEMORY)
        (data (ADDRESS.const 0) "\00\01\00\00\00\00\00\00")
        (func (export "realloc") (param $old ADDRESS) (param $old_size ADDRESS) (param ADDRESS) (param $size ADDRESS)
            (result ADDRESS) (local $new ADDRESS)
            (local.set $new (ADDRESS.and
                (ADDRESS.atomic.rmw.add (ADDRESS.const 0) (ADDRESS.add (local.get $size) (ADDRESS.const 16)))
                (ADDRESS.const -8)))
            (memory.copy (local.get $new) (local.get $old) (select
                (local.get $old_size) (local.get $size) (ADDRESS.lt_u (local.get $old_size) (local.get $size))))
            (local.get $new))
        (func (export "echo") (param ADDRESS ADDRESS) (result ADDRESS)
            (ADDRESS.store (ADDRESS.const 16) (local.get 0))
            (ADDRESS.store offset=SIZE (ADDRESS.const 16) (local.get 1))
            (ADDRESS.const 16)))
    (core instance $m (instantiate $m))
    TYPES
    (func (export "echo") (param "list" (list ELEMENT)) (result (list ELEMENT))
        (canon lift (core func $m "echo") (memory (core memory $m "memory")) (realloc (core func $m "realloc")) ENCODING)))"#;

fn boxed(value: Val) -> Option<Box<Val>> {
    Some(Box::new(value))
}

/// Types with values of each.
fn examples() -> Vec<(&'static str, &'static str, Vec<Val>)> {
    let named = |ty: &'static str| -> &'static str {
        Box::leak(format!("(type $t' {ty}) (export $t \"t\" (type $t'))").into_boxed_str())
    };
    let record = |x, name: &str| Val::Record(vec![("x".to_owned(), Val::U8(x)), ("name".to_owned(), text(name))]);
    vec![
        ("", "bool", vec![Val::Bool(true), Val::Bool(false)]),
        ("", "u8", vec![Val::U8(0), Val::U8(255)]),
        ("", "s16", vec![Val::S16(-1), Val::S16(i16::MAX)]),
        ("", "u32", vec![Val::U32(u32::MAX)]),
        ("", "s64", vec![Val::S64(i64::MIN)]),
        ("", "f32", vec![Val::Float32(f32::NAN), Val::Float32(-0.0)]),
        ("", "f64", vec![Val::Float64(f64::NEG_INFINITY)]),
        ("", "char", vec![Val::Char('\0'), Val::Char(char::MAX)]),
        (
            "",
            "string",
            ["", "weft", "Grüße", "\u{ff}\u{100}", "🦀🦀"].map(text).to_vec(),
        ),
        (
            "",
            "(list string)",
            vec![Val::List(vec![]), Val::List(vec![text("a"), text("ä🦀")])],
        ),
        (
            "",
            "(tuple u8 u64 string)",
            vec![Val::Tuple(vec![Val::U8(1), Val::U64(2), text("three")])],
        ),
        (
            "",
            "(option string)",
            vec![Val::Option(None), Val::Option(boxed(text("some")))],
        ),
        (
            "",
            "(result string (error u64))",
            vec![Val::Result(Ok(boxed(text("ok")))), Val::Result(Err(boxed(Val::U64(7))))],
        ),
        (
            named("(record (field \"x\" u8) (field \"name\" string))"),
            "$t",
            vec![record(1, "one"), record(2, "zwei")],
        ),
        (
            named("(variant (case \"none\") (case \"text\" string) (case \"number\" f64))"),
            "$t",
            vec![
                Val::Variant("none".to_owned(), None),
                Val::Variant("text".to_owned(), boxed(text("a case"))),
                Val::Variant("number".to_owned(), boxed(Val::Float64(0.5))),
            ],
        ),
        (
            named("(enum \"red\" \"green\")"),
            "$t",
            vec![Val::Enum("green".to_owned()), Val::Enum("red".to_owned())],
        ),
        (
            named("(flags \"a\" \"b\" \"c\" \"d\" \"e\" \"f\" \"g\" \"h\" \"i\")"),
            "$t",
            vec![Val::Flags(vec![]), Val::Flags(vec!["a".to_owned(), "i".to_owned()])],
        ),
    ]
}

#[test]
fn lists_of_every_type_go_in_and_out_in_every_encoding_and_memory() {
    watched(|| {
        let engine = engine(2);
        let memories = [
            ("1", "i32"),
            ("1 4 shared", "i32"),
            ("i64 1", "i64"),
            ("i64 1 4 shared", "i64"),
        ];
        for (memory, address) in memories {
            for encoding in ["", "string-encoding=utf16", "string-encoding=latin1+utf16"] {
                for (types, element, values) in examples() {
                    let source = ECHO
                        .replace("ADDRESS", address)
                        .replace("SIZE", if address == "i64" { "8" } else { "4" })
                        .replace("MEMORY", memory)
                        .replace("TYPES", types)
                        .replace("ELEMENT", element)
                        .replace("ENCODING", encoding);
                    let component = component(&engine, &source);
                    let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
                    let echo = instance.get_func(&["echo"]).expect("exported");
                    for values in [vec![], values] {
                        let list = Val::List(values);
                        let echoed = echo.call(std::slice::from_ref(&list));
                        let echoed = echoed.unwrap_or_else(|error| panic!("{memory} {encoding} {element}: {error}"));
                        assert_eq!(echoed, Some(list), "{memory} {encoding}");
                    }
                }
            }
        }
    });
}

#[test]
fn more_than_sixteen_parameters_go_through_memory() {
    watched(|| {
        let parameters: String = (0..17).map(|number| format!("(param \"x{number}\" u32) ")).collect();
        let source = r#"(component
            (core module $m
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
                (func (export "f") (param i32) (result i32)
                    (i32.store (i32.const 8) (local.get 0))
                    (i32.store (i32.const 12) (i32.const 17))
                    (i32.const 8)))
            (core instance $m (instantiate $m))
            (func (export "f") PARAMETERS (result (list u32))
                (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))"#;
        let engine = engine(1);
        let component = component(&engine, &source.replace("PARAMETERS", &parameters));
        let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
        let arguments: Vec<Val> = (100..117).map(Val::U32).collect();
        let f = instance.get_func(&["f"]).expect("exported");
        assert_eq!(f.call(&arguments).expect("no trap"), Some(Val::List(arguments)));
    });
}
