//! Input that is not a core module, or is malformed: an error, never a panic.

use weft_adapt::{AdaptError, Note, adapt};

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
    // Who has no C library may have its stacks in the memory as it is.
    assert_eq!(notes("3 3", "wasi_thread_start")?, []);
    Ok(())
}
