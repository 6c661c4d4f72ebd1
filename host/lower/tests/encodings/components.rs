//! Whole components: which bytes around the canonical sections change, and which do not.

use crate::passes::{encode, lower, unshare, validate};
use crate::{CANONICAL, COMPONENT, CUSTOM, HEADER, assert_encodings, canonical, component, section};
use weft_lower::CanonicalEncoding::{Specification, WasmTools};
use weft_lower::LowerError;

/// The size of a component around a section changes with the section's, which may take its number from one byte to two.
#[test]
fn sizes_of_enclosing_components_are_right() {
    let types = "(core type (shared (func (param i32))))".repeat(2);
    let types = weft_lower::to_binary(format!("(component {types})").as_bytes())
        .unwrap()
        .into_owned();
    for padding in 60..130 {
        let pair = [&[1, 0x40, 1, 1][..], &[1, 0x40, 1]].map(|contents| {
            let padding = section(CUSTOM, &[&[1, b'x'][..], &vec![0; padding]].concat());
            let inner = [types.clone(), canonical(contents), padding].concat();
            let outer = [HEADER.to_vec(), section(COMPONENT, &inner), section(COMPONENT, HEADER)].concat();
            component(&[section(COMPONENT, &outer)])
        });
        assert_encodings(&pair[0], &pair[1]);
    }
}

/// An access that reads and writes has its ordering once for wasm-tools, and twice for the specification; nothing else changes.
#[test]
fn orderings_are_doubled() {
    let text = r#"(component (core module
        (type $s (shared (struct (field (mut i32)))))
        (type $a (shared (array (mut i64))))
        (global $g (shared mut i32) (i32.const 0))
        (table $t shared 1 (ref null (shared any)))
        (func (param (ref null $s) (ref null $a))
            (drop (global.atomic.rmw.add acq_rel $g (global.atomic.get acq_rel $g)))
            (if (i32.const 0x28fe)
                (then (drop (global.atomic.rmw.xchg seq_cst $g (i32.const 1))))
                (else (drop (table.atomic.rmw.xchg acq_rel $t (i32.const 0) (ref.null (shared any))))))
            (drop (struct.atomic.rmw.or acq_rel $s 0 (local.get 0) (i32.const 1)))
            (drop (array.atomic.rmw.xor acq_rel $a (local.get 1) (i32.const 1) (i64.const 1)))
            (drop (v128.const i8x16 0xfe 0x51 1 0xfe 0x51 0x11 0 0 0 0 0 0 0 0 0 0)))))"#;
    let wasm_tools = weft_lower::to_binary(text.as_bytes()).unwrap().into_owned();
    let specification = encode(&wasm_tools, Specification).unwrap();
    assert_eq!(encode(&specification, WasmTools).unwrap(), wasm_tools);
    assert_eq!(encode(&specification, Specification).unwrap(), specification);
    let bytes = wasm_tools.iter().zip(&specification).enumerate();
    let changed: Vec<&[u8]> = bytes
        .filter(|(_, (one, other))| one != other)
        .map(|(position, _)| &specification[position - 2..=position])
        .collect();
    assert_eq!(
        changed,
        [
            [0xfe, 0x51, 0x11],
            [0xfe, 0x5a, 0x11],
            [0xfe, 0x63, 0x11],
            [0xfe, 0x6f, 0x11]
        ]
    );
    validate(&specification, weft_lower::Rules::Strict).unwrap();
}

#[test]
fn core_modules_are_refused() {
    let module = b"\0asm\x01\0\0\0";
    for encoding in [Specification, WasmTools] {
        assert!(matches!(encode(module, encoding), Err(LowerError::CoreModule)));
    }
}

/// What has no thread built-ins is not changed: a size may even be written in more bytes than it needs.
#[test]
fn other_components_are_not_changed() {
    let component = component(&[vec![CANONICAL, 0x82, 0x00, 1, 0x26], section(COMPONENT, HEADER)]);
    assert_encodings(&component, &component);
}

/// Both encodings of a component come out the same behind decoding.
#[test]
fn both_encodings_have_one_unshared_form() {
    let text = include_str!("../cases/spawn-several.wat");
    let specification = encode(text.as_bytes(), Specification).unwrap();
    let wasm_tools = encode(text.as_bytes(), WasmTools).unwrap();
    assert_ne!(specification, wasm_tools);
    assert_eq!(unshare(&specification).unwrap(), unshare(&wasm_tools).unwrap());
    assert!(lower(&specification).is_ok());
}
