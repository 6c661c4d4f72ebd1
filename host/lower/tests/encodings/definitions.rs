//! One canonical section: each definition in both encodings, and bytes that neither encoding allows.

use crate::passes::{encode, threads, validate};
use crate::{assert_encodings, assert_refused, canonical, component};
use weft_lower::CanonicalEncoding::{Specification, WasmTools};

/// SPAWN-REF-01, SPAWN-IND-01, PAR-01: the byte stands directly behind the opcode.
#[test]
fn each_builtin_in_both_encodings() {
    let pairs: [(&[u8], &[u8]); 6] = [
        (&[1, 0x40, 1, 3], &[1, 0x40, 3]),
        (&[1, 0x40, 0, 2], &[1, 0x40, 2]),
        (&[1, 0x41, 1, 1, 2], &[1, 0x41, 1, 2]),
        (&[1, 0x41, 0, 2, 0], &[1, 0x41, 2, 0]),
        (&[1, 0x42, 1], &[1, 0x42]),
        (&[3, 0x42, 1, 0x26, 0x40, 1, 1], &[3, 0x42, 0x26, 0x40, 1]),
    ];
    for (specification, wasm_tools) in pairs {
        let [specification, wasm_tools] = [specification, wasm_tools].map(|contents| component(&[canonical(contents)]));
        assert_encodings(&specification, &wasm_tools);
    }
}

/// wasm-tools' encoding cannot say that a number of processors is for unshared functions.
#[test]
fn wasm_tools_drops_what_it_cannot_say() {
    let unshared = component(&[canonical(&[1, 0x42, 0])]);
    assert_eq!(encode(&unshared, Specification).unwrap(), unshared);
    assert_eq!(
        encode(&unshared, WasmTools).unwrap(),
        component(&[canonical(&[1, 0x42])])
    );
}

/// Where the mark is missing, who imports the definition says whether it is shared: a valid component stays valid.
#[test]
fn a_missing_mark_follows_from_the_uses() {
    let shared = "(type $t (shared (func (result i32))))";
    let unshared = "(type $t (func (result i32)))";
    let import = |ty: &str| {
        let shared = ty.contains("shared");
        format!(
            r#"(core module $m{shared} {ty} (import "" "p" (func (type $t))))
               (core instance (instantiate $m{shared} (with "" (instance (export "p" (func $p))))))"#
        )
    };
    let cases = [
        (import(unshared), 0),
        (import(shared), 1),
        (import(shared) + &import(unshared), 0),
        ("(func (result s32) (canon lift (core func $p)))".to_owned(), 0),
        (String::new(), 1),
        // The mark would say that some threads do not take turns.
        (
            "(core type $s (func (param i32))) (core func (canon thread.spawn-ref $s))".to_owned(),
            0,
        ),
        ("(core func (canon thread.yield))".to_owned(), 0),
    ];
    for (uses, mark) in cases {
        let text = format!("(component (core func $p (canon thread.available_parallelism)) {uses})");
        let wasm_tools = encode(text.as_bytes(), WasmTools).unwrap();
        let specification = encode(&wasm_tools, Specification).unwrap();
        let written = specification.windows(2).find(|bytes| bytes[0] == 0x42).unwrap();
        assert_eq!(written[1], mark, "{uses}");
        for component in [&wasm_tools, &specification] {
            validate(component, weft_lower::Rules::Extended).unwrap();
        }
        // To the letter, no mark is right where it is used as both.
        let [before, after] =
            [&wasm_tools, &specification].map(|component| validate(component, weft_lower::Rules::Strict).is_ok());
        assert_eq!(before, after, "{uses}");
        let threads = [&wasm_tools, &specification].map(|component| threads(component).is_ok());
        assert_eq!(threads, [true; 2], "{uses}");
    }
}

/// Each definition with immediates of its own, before and behind a spawn.
#[test]
fn every_other_definition_is_passed_over() {
    let definitions: &[&[u8]] = &[
        &[0x00, 0x00, 5, 2, 0x03, 0, 0x04, 0x41, 0x80, 0x01],
        &[0x01, 0x00, 0x40, 7, 0x00, 0x01, 0x02, 0x06, 0x07, 1, 0x08, 2, 0x09],
        &[0x02, 0x40],
        &[0x03, 0x41],
        &[0x04, 0x42],
        &[0x05],
        &[0x06, 1],
        &[0x09, 0x00, 0x79, 1, 0x05, 0x40],
        &[0x09, 0x01, 0x00, 0],
        &[0x0a, 0x7f, 1],
        &[0x0b, 0x7e, 0],
        &[0x0c, 0],
        &[0x0c, 1],
        &[0x0d],
        &[0x0e, 0x40],
        &[0x0f, 0x40, 0],
        &[0x10, 0x41, 1, 0x03, 0x40],
        &[0x11, 0x42, 0],
        &[0x12, 0x42, 1],
        &[0x13, 0x40],
        &[0x14, 0x40],
        &[0x15, 0x40],
        &[0x16, 0x40, 0],
        &[0x17, 0x40, 0],
        &[0x18, 0x40, 1],
        &[0x19, 0x40, 0],
        &[0x1a, 0x40],
        &[0x1b, 0x40],
        &[0x1c, 1, 0x03, 0x40],
        &[0x1d, 0],
        &[0x1e],
        &[0x1f],
        &[0x20, 1, 0x40],
        &[0x21, 0, 0x40],
        &[0x22],
        &[0x23],
        &[0x24],
        &[0x25],
        &[0x26],
        &[0x27, 0x40, 0x41],
        &[0x28],
        &[0x29, 1],
        &[0x2a, 0],
        &[0x2a, 1],
        &[0x2b, 1],
        &[0x2c, 1],
        &[0x2d, 1],
    ];
    for definition in definitions {
        let list = |spawn: &[u8]| component(&[canonical(&[&[3], spawn, definition, spawn].concat())]);
        assert_encodings(&list(&[0x41, 1, 1, 2]), &list(&[0x41, 1, 2]));
    }
}

/// VER-01: the version of the specification that weft follows has `cancellable`.
#[test]
fn cancellable_is_zero_or_one() {
    for opcode in [0x0c, 0x29, 0x2a, 0x2b, 0x2c, 0x2d] {
        for cancellable in [0, 1] {
            let component = component(&[canonical(&[1, opcode, cancellable])]);
            assert_eq!(encode(&component, Specification).unwrap(), component);
        }
        assert_refused(&[canonical(&[1, opcode, 2])], &["invalid boolean value"]);
    }
}

/// VER-02: that version does not have these built-ins.
#[test]
fn newer_builtins_are_refused_by_name() {
    assert_refused(&[canonical(&[1, 0x2e, 0])], &["`stream.forward` is newer", "VER-02"]);
    assert_refused(&[canonical(&[1, 0x2f, 0])], &["`future.forward` is newer", "VER-02"]);
}

#[test]
fn what_can_be_read_in_neither_encoding_is_refused() {
    // Not a boolean, and a byte too many.
    assert_refused(
        &[canonical(&[1, 0x40, 2, 1])],
        &["SPAWN-REF-01", "invalid boolean value", "unexpected data at the end"],
    );
    assert_refused(
        &[canonical(&[1, 0x41, 2, 1, 0])],
        &["SPAWN-IND-01", "`thread.spawn-indirect`"],
    );
    assert_refused(
        &[canonical(&[1, 0x42, 2])],
        &["PAR-01", "`thread.available-parallelism`"],
    );
    // Cut off: before the byte, behind it, in an index.
    assert_refused(&[canonical(&[1, 0x40])], &["SPAWN-REF-01", "unexpected end"]);
    assert_refused(&[canonical(&[1, 0x41, 1])], &["SPAWN-IND-01", "unexpected end"]);
    assert_refused(&[canonical(&[1, 0x41, 1, 0x81])], &["SPAWN-IND-01", "unexpected end"]);
    // More and fewer definitions than there are.
    assert_refused(&[canonical(&[2, 0x42])], &["PAR-01", "unexpected end"]);
    assert_refused(
        &[canonical(&[1, 0x42, 0x42, 0x42])],
        &["PAR-01", "unexpected data at the end"],
    );
    // Nothing that these built-ins have to do with.
    assert_refused(&[canonical(&[1, 0x3f])], &["invalid: ", "0x3f"]);
    assert_refused(&[canonical(&[])], &["invalid: ", "unexpected end"]);
    // The offset is that of the opcode.
    let offset = format!("{:#x}", component(&[]).len() + 3);
    assert_refused(&[canonical(&[1, 0x40, 2, 1])], &[&offset]);
}

#[test]
fn unknown_start_types_are_refused_where_they_matter() {
    let unknown = component(&[canonical(&[1, 0x40, 9])]);
    assert_eq!(encode(&unknown, WasmTools).unwrap(), unknown);
    let error = encode(&unknown, Specification).unwrap_err().to_string();
    assert!(error.contains("unknown type 9"), "{error}");
}
