//! Input that is not a core module, or is malformed: an error, never a panic.

use std::path::Path;
use weft_adapt::{AdaptError, Note, Options, adapt};

/// A module in which most sections occur.
fn module() -> Result<Vec<u8>, wat::Error> {
    wat::parse_file(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/names.wat"))
}

#[test]
fn what_is_no_module_is_told_apart() -> Result<(), wat::Error> {
    assert!(matches!(adapt(b""), Err(AdaptError::NotWasm)));
    assert!(matches!(adapt(b"\x7fELF"), Err(AdaptError::NotWasm)));
    assert!(matches!(adapt(b"  (module)"), Err(AdaptError::Text)));
    assert!(matches!(adapt(b";; a comment\n(component)"), Err(AdaptError::Text)));
    assert!(matches!(
        adapt(&wat::parse_str("(component)")?),
        Err(AdaptError::Component)
    ));
    assert!(matches!(adapt(b"\0asm"), Err(AdaptError::Invalid { .. })));
    Ok(())
}

#[test]
fn messages_say_what_to_do() {
    let message = |bytes: &[u8]| adapt(bytes).map_or_else(|error| error.to_string(), |_| "adapted".to_string());
    assert_eq!(
        message(b"(module)"),
        "this is WebAssembly text: convert it to the binary format first"
    );
    assert_eq!(
        message(b"#!/bin/sh"),
        "not WebAssembly: the input does not begin with the magic number `\\0asm`; give a core module in the binary \
         format"
    );
}

/// To pop each operand would take 20 seconds.
#[test]
fn what_takes_too_long_to_validate_is_refused() -> Result<(), wat::Error> {
    let module = wat::parse_str("(module (type $a (array i8)) (func return (array.new_fixed $a 4294967295) drop))")?;
    assert!(matches!(adapt(&module), Err(AdaptError::Limit { .. })));
    Ok(())
}

#[test]
fn no_prefix_and_no_flipped_bit_panics() -> Result<(), wat::Error> {
    let wasm = module()?;
    // A prefix that ends with a section is a module of its own, so only the error of a cut section is certain.
    let refused = (0..wasm.len())
        .filter(|length| adapt(&wasm[..*length]).is_err())
        .count();
    assert!(
        refused > wasm.len() / 2,
        "{refused} of {} prefixes are refused",
        wasm.len()
    );
    for index in 0..wasm.len() {
        for bit in 0..8 {
            let mut flipped = wasm.clone();
            flipped[index] ^= 1 << bit;
            // What comes out is a component, or an error that is the module's: either is fine here.
            match adapt(&flipped) {
                Ok(component) => assert!(wasmparser::Parser::is_component(&component)),
                Err(error) => assert!(
                    !matches!(error, AdaptError::Internal(_)),
                    "bit {bit} of byte {index}: {error}"
                ),
            }
        }
    }
    Ok(())
}

#[test]
fn adapting_is_deterministic() -> Result<(), Box<dyn std::error::Error>> {
    let wasm = module()?;
    assert_eq!(adapt(&wasm)?, adapt(&wasm)?);
    Ok(())
}

#[test]
fn a_memory_that_cannot_grow_is_noted_where_threads_need_it_to() -> Result<(), wat::Error> {
    let notes = |limits: &str, start: &str| -> Result<Vec<Note>, wat::Error> {
        let module = wat::parse_str(format!(
            r#"(module
                (import "env" "memory" (memory {limits} shared))
                (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
                (func ${start} (export "wasi_thread_start") (param i32 i32))
                (func (export "_start") (drop (call $spawn (i32.const 0)))))"#
        ))?;
        Ok(weft_adapt::notes(&module).expect("it can be adapted"))
    };
    assert_eq!(
        notes("3 3", "__wasi_thread_start_C")?,
        [Note::MemoryIsFixed { pages: 3 }]
    );
    assert_eq!(notes("3 4", "__wasi_thread_start_C")?, []);
    // A module without names shows it by its code.
    let stripped = wat::parse_str(
        r#"(module
            (import "env" "memory" (memory 3 3 shared))
            (import "wasi" "thread-spawn" (func (param i32) (result i32)))
            (global (mut i32) (i32.const 65536))
            (global (mut i32) (i32.const 0))
            (func (param i32 i32))
            (func (export "wasi_thread_start") (param i32 i32)
                (global.set 0 (i32.load (local.get 1)))
                (global.set 1 (i32.load offset=4 (local.get 1)))
                (call 1 (local.get 0) (local.get 1)))
            (func (export "_start") (drop (call 0 (i32.const 0)))))"#,
    )?;
    let stripped = weft_adapt::notes(&stripped).expect("it can be adapted");
    assert_eq!(stripped, [Note::MemoryIsFixed { pages: 3 }]);
    // Who has no C library may have its stacks in the memory as it is.
    assert_eq!(notes("3 3", "wasi_thread_start")?, []);
    Ok(())
}

/// A command that starts threads, and exports its library's functions too.
#[test]
fn notes_on_calls_are_for_libraries() -> Result<(), wat::Error> {
    let notes = |start: &str| -> Result<Vec<Note>, wat::Error> {
        let module = wat::parse_str(format!(
            r#"(module
                (import "env" "memory" (memory 3 9 shared))
                (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
                (global $stack (mut i32) (i32.const 65536))
                (func (export "wasi_thread_start") (param i32 i32) (global.set $stack (local.get 1)))
                (func (export "{start}") (drop (call $spawn (i32.const 0))))
                (func (export "__main_void") (result i32) (global.get $stack)))"#
        ))?;
        Ok(weft_adapt::notes(&module).expect("it can be adapted"))
    };
    assert_eq!(notes("_start")?, []);
    let notes = notes("begin")?;
    assert!(matches!(notes.as_slice(), [Note::TakeTurns { .. }]), "{notes:?}");
    Ok(())
}

/// Bindings, the linker and the C library export functions that are not for callers.
#[test]
fn helpers_that_the_world_lacks_are_no_news() -> Result<(), wat::Error> {
    let module = wat::parse_str(
        r#"(module
            (memory (export "memory") 1 100 shared)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
            (func (export "cabi_realloc_wit_bindgen_0_62_0") (param i32 i32 i32 i32) (result i32) (i32.const 8))
            (func (export "__wasm_init_tls") (param i32))
            (func (export "malloc") (param i32) (result i32) (i32.const 8))
            (func (export "other"))
            (func (export "test:turns/texts#pair") (result i32) (i32.const 8)))"#,
    )?;
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/turns.wit");
    let options = Options::new().world(package, Some("pairs"));
    let notes = weft_adapt::notes_with(&module, &options).expect("it can be adapted");
    let left_out = notes.iter().filter_map(|note| match note {
        Note::LeftOut { export, .. } => Some(export.as_str()),
        _ => None,
    });
    assert_eq!(left_out.collect::<Vec<_>>(), ["other"]);
    Ok(())
}

/// The code that wit-bindgen generates returns some results in one area. Calls take turns where a function has such a result, whatever the
/// parameters are.
#[test]
fn calls_take_turns_where_a_result_is_in_memory() -> Result<(), wat::Error> {
    let notes = |world: &str, (export, result): (&str, &str)| -> Result<Vec<Note>, wat::Error> {
        let module = wat::parse_str(format!(
            r#"(module
                (memory (export "memory") 1 100 shared)
                (global $stack (mut i32) (i32.const 65536))
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (global.get $stack))
                (func (export "test:turns/counts#[constructor]counter") (param i32 i32) (result i32) (i32.const 1))
                (func (export "test:turns/counts#[method]counter.count") (param i32 i32 i32) (result i64) (i64.const 1))
                (func (export "test:turns/counts#of") (param i32 i32) (result i32) (i32.const 1))
                (func (export "test:turns/counts#size-of") (param i32 i32) (result i32) (i32.const 1))
                (func (export "test:turns/counts#make") (param i32 i32) (result i32) (i32.const 1))
                (func (export "{export}") {result}))"#
        ))?;
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/turns.wit");
        let options = Options::new().world(package, Some(world));
        Ok(weft_adapt::notes_with(&module, &options).expect("it can be adapted"))
    };
    assert_eq!(notes("numbers", ("plain", "(param i32 i32)"))?, []);
    let notes = notes("memory", ("test:turns/texts#pair", "(result i32) (i32.const 8)"))?;
    let [Note::TakeTurns { reason }] = notes.as_slice() else {
        panic!("{notes:?}");
    };
    assert!(
        reason.starts_with("`test:turns/texts#pair` returns values in memory"),
        "{reason}"
    );
    Ok(())
}
