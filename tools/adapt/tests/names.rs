//! The names by which toolchains import built-ins, and the canonical definition for each.

use weft_adapt::{Options, adapt, adapt_with};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A core module's import, its type, and the definition in the component.
type Name = (&'static str, &'static str, &'static str, &'static str);

const CREATE: &str = "(param i32 i32) (result i32)";
const GET: &str = "(result i32)";
const SET: &str = "(param i32)";
const SWITCH: &str = "(param i32) (result i32)";

/// What modules with cooperative threads and with parallel ones import alike.
const BOTH: [Name; 24] = [
    ("$root", "[thread-new-indirect-v0]", CREATE, "thread.new-indirect"),
    ("$root", "[thread-resume-later]", SET, "thread.resume-later"),
    ("$root", "[thread-index]", GET, "thread.index"),
    ("$root", "[thread-suspend]", GET, "thread.suspend"),
    ("$root", "[thread-yield]", GET, "thread.yield"),
    (
        "$root",
        "[thread-suspend-then-resume]",
        SWITCH,
        "thread.suspend-then-resume",
    ),
    (
        "$root",
        "[thread-yield-then-resume]",
        SWITCH,
        "thread.yield-then-resume",
    ),
    (
        "$root",
        "[thread-suspend-then-promote]",
        SWITCH,
        "thread.suspend-then-promote",
    ),
    (
        "$root",
        "[thread-yield-then-promote]",
        SWITCH,
        "thread.yield-then-promote",
    ),
    (
        "$root",
        "[cancellable][thread-suspend]",
        GET,
        "thread.suspend cancellable",
    ),
    ("$root", "[cancellable][thread-yield]", GET, "thread.yield cancellable"),
    (
        "$root",
        "[cancellable][thread-suspend-then-resume]",
        SWITCH,
        "thread.suspend-then-resume cancellable",
    ),
    (
        "$root",
        "[cancellable][thread-yield-then-resume]",
        SWITCH,
        "thread.yield-then-resume cancellable",
    ),
    (
        "$root",
        "[cancellable][thread-suspend-then-promote]",
        SWITCH,
        "thread.suspend-then-promote cancellable",
    ),
    (
        "$root",
        "[cancellable][thread-yield-then-promote]",
        SWITCH,
        "thread.yield-then-promote cancellable",
    ),
    ("$root", "[context-get-0]", GET, "context.get i32 0"),
    ("$root", "[context-set-0]", SET, "context.set i32 0"),
    ("$root", "[context-get-1]", GET, "context.get i32 1"),
    ("$root", "[context-set-1]", SET, "context.set i32 1"),
    ("$root", "[context-get-i32-0]", GET, "context.get i32 0"),
    ("$root", "[context-set-i32-0]", SET, "context.set i32 0"),
    ("$root", "[context-get-i32-1]", GET, "context.get i32 1"),
    ("$root", "[context-set-i32-1]", SET, "context.set i32 1"),
    (
        "$root",
        "[thread-available-parallelism]",
        GET,
        "thread.available_parallelism",
    ),
];

const COOPERATIVE: [Name; 12] = [
    ("$root", "[context-get-i64-0]", "(result i64)", "context.get i64 0"),
    ("$root", "[context-set-i64-0]", "(param i64)", "context.set i64 0"),
    ("$root", "[context-get-i64-1]", "(result i64)", "context.get i64 1"),
    ("$root", "[context-set-i64-1]", "(param i64)", "context.set i64 1"),
    ("env", "__wasm_get_stack_pointer", GET, "context.get i32 0"),
    ("env", "__wasm_set_stack_pointer", SET, "context.set i32 0"),
    ("env", "__wasm_get_tls_base", GET, "context.get i32 1"),
    ("env", "__wasm_set_tls_base", SET, "context.set i32 1"),
    ("env", "__wasm_get_stack_pointer", "(result i64)", "context.get i64 0"),
    ("env", "__wasm_set_stack_pointer", "(param i64)", "context.set i64 0"),
    ("env", "__wasm_get_tls_base", "(result i64)", "context.get i64 1"),
    ("env", "__wasm_set_tls_base", "(param i64)", "context.set i64 1"),
];

const THREADS: &str = "weft:threads/threads@0.1.0";
const CONTEXT: &str = "weft:threads/context@0.1.0";
const SCHEDULING: &str = "weft:threads/scheduling@0.1.0";

/// The WIT package of `wit/`, all but `spawn-ref`, which has no core import.
const PARALLEL: [Name; 16] = [
    ("$root", "[thread-spawn-indirect]", CREATE, "thread.spawn-indirect"),
    (THREADS, "spawn-indirect", CREATE, "thread.spawn-indirect"),
    (THREADS, "available-parallelism", GET, "thread.available_parallelism"),
    (THREADS, "index", GET, "thread.index"),
    (CONTEXT, "get0", GET, "context.get i32 0"),
    (CONTEXT, "set0", SET, "context.set i32 0"),
    (CONTEXT, "get1", GET, "context.get i32 1"),
    (CONTEXT, "set1", SET, "context.set i32 1"),
    (SCHEDULING, "new-indirect", CREATE, "thread.new-indirect"),
    (SCHEDULING, "resume-later", SET, "thread.resume-later"),
    (SCHEDULING, "suspend", GET, "thread.suspend"),
    (SCHEDULING, "yield", GET, "thread.yield"),
    (SCHEDULING, "suspend-then-resume", SWITCH, "thread.suspend-then-resume"),
    (SCHEDULING, "yield-then-resume", SWITCH, "thread.yield-then-resume"),
    (
        SCHEDULING,
        "suspend-then-promote",
        SWITCH,
        "thread.suspend-then-promote",
    ),
    (SCHEDULING, "yield-then-promote", SWITCH, "thread.yield-then-promote"),
];

fn module((module, name, ty, _): Name, memory: &str) -> Result<Vec<u8>> {
    Ok(wat::parse_str(format!(
        r#"(module
            (import "{module}" "{name}" (func {ty}))
            (memory (export "memory") {memory})
            (table (export "__indirect_function_table") 2 2 funcref)
            (func (export "answer") (result i32) (i32.const 42)))"#
    ))?)
}

fn check(component: &[u8], (module, name, _, definition): Name) -> Result<()> {
    let text = wasmprinter::print_bytes(component)?;
    let definition = format!("(canon {definition}");
    assert!(
        text.contains(&definition),
        "`{module}` `{name}`: no `{definition}`:\n{text}"
    );
    Ok(())
}

#[test]
fn names_of_cooperative_threads() -> Result<()> {
    let options = Options::new().world("tests/cases/cooperative-world.wit", None);
    for name in BOTH.into_iter().chain(COOPERATIVE) {
        let component = adapt_with(&module(name, "1")?, &options).map_err(|error| format!("{name:?}: {error}"))?;
        check(&component, name)?;
    }
    Ok(())
}

#[test]
fn names_of_parallel_threads() -> Result<()> {
    for name in BOTH.into_iter().chain(PARALLEL) {
        let component = adapt(&module(name, "1 16 shared")?).map_err(|error| format!("{name:?}: {error}"))?;
        check(&component, name)?;
    }
    Ok(())
}
