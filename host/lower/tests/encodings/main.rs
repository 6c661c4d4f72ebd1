//! The two binary encodings of the thread built-ins: weft recognises each, and converts it to the other.

mod choice;
mod components;
mod definitions;
#[path = "../passes/mod.rs"]
mod passes;
#[path = "../random/mod.rs"]
mod random;

use passes::{encode, lower};
use wasm_encoder::Encode;
use weft_lower::CanonicalEncoding::{Specification, WasmTools};

const HEADER: &[u8] = b"\0asm\x0d\0\x01\0";
const CUSTOM: u8 = 0;
const COMPONENT: u8 = 4;
const CANONICAL: u8 = 8;

/// Core type 0 is no start type, 1 and 3 are shared ones, 2 is an unshared one. There are four shared tables.
const PREAMBLE: &str = r#"
    (core type (shared (func (param i32) (result i32))))
    (core type (shared (func (param i32))))
    (core type (func (param i32)))
    (core type (shared (func (param i32))))
    (core module $m (table (export "t") shared 1 (ref null (shared func))))
    (core instance $i (instantiate $m))
    (alias core export $i "t" (core table))
    (alias core export $i "t" (core table))
    (alias core export $i "t" (core table))
    (alias core export $i "t" (core table))"#;

fn preamble() -> Vec<u8> {
    let text = format!("(component {PREAMBLE})");
    weft_lower::to_binary(text.as_bytes()).unwrap().into_owned()
}

/// The component of [`PREAMBLE`] and these sections.
fn component(sections: &[Vec<u8>]) -> Vec<u8> {
    [preamble(), sections.concat()].concat()
}

fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = vec![id];
    bytes.extend(leb128(contents.len()));
    bytes.extend(contents);
    bytes
}

fn canonical(contents: &[u8]) -> Vec<u8> {
    section(CANONICAL, contents)
}

fn leb128(value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes
}

/// Asserts that these are the same component in the two encodings, and that each is taken for what it is.
#[track_caller]
fn assert_encodings(specification: &[u8], wasm_tools: &[u8]) {
    for input in [specification, wasm_tools] {
        assert_eq!(encode(input, WasmTools).unwrap(), wasm_tools, "of {input:x?}");
        assert_eq!(encode(input, Specification).unwrap(), specification, "of {input:x?}");
    }
}

/// Asserts that the canonical sections are refused with a message that has these parts.
#[track_caller]
fn assert_refused(sections: &[Vec<u8>], parts: &[&str]) {
    let component = component(sections);
    for message in [
        encode(&component, WasmTools).unwrap_err().to_string(),
        lower(&component).unwrap_err().to_string(),
    ] {
        for part in parts {
            assert!(message.contains(part), "`{part}` is not in `{message}`");
        }
    }
}
