//! Features that weft does not support are off, even if they would only relax the rules of others.

use crate::passes::validate;
use crate::{is_accepted, refusal};
use weft_lower::{LowerError, Rules};

/// What is invalid, and would be valid by the proposal.
const REFUSED: &[(&str, &str)] = &[
    ("legacy-exceptions", "(module (func try catch_all end))"),
    ("legacy-exceptions", "(module (func try delegate 0))"),
    (
        "legacy-exceptions",
        "(module (tag $e) (func try catch $e rethrow 0 end))",
    ),
    ("stack-switching", "(module (type (func (result i32))) (tag (type 0)))"),
    (
        "stack-switching",
        "(module (type (func (result i32))) (tag (import \"\" \"\") (type 0)))",
    ),
    ("stack-switching", "(module (type $f (func)) (type (cont $f)))"),
    ("stack-switching", "(module (func (drop (ref.null cont))))"),
    (
        "stack-switching",
        "(module (type $f (shared (func))) (type $c (cont $f)) (func (type $f) (unreachable) (resume $c)))",
    ),
    (
        "memory-control",
        "(module (memory 1) (func (memory.discard (i32.const 0) (i32.const 0))))",
    ),
    (
        "custom-descriptors",
        "(module (type $s (struct)) (func (param (ref (exact $s)))))",
    ),
    (
        "custom-descriptors",
        "(module (type $s (struct)) (func (param anyref) (drop (ref.cast (ref (exact $s)) (local.get 0)))))",
    ),
    (
        "custom-descriptors",
        "(module (type $s (struct)) (func (param anyref) (drop (ref.test (ref null (exact $s)) (local.get 0)))))",
    ),
    (
        "custom-descriptors",
        "(module (type $s (struct)) (func (param anyref) (result anyref)
           (br_on_cast 0 anyref (ref (exact $s)) (local.get 0))))",
    ),
    (
        "custom-descriptors",
        "(module (type $f (func)) (import \"\" \"\" (func (exact (type $f)))))",
    ),
    (
        "custom-descriptors",
        "(component (core type (module (type $f (func)) (import \"\" \"\" (func (exact (type $f)))))))",
    ),
    (
        "custom-descriptors",
        "(module (rec (type $s (descriptor $d) (struct)) (type $d (describes $s) (struct))))",
    ),
    ("component-model-values", "(component (import \"v\" (value u32)))"),
    (
        "component-model-gc",
        "(component
           (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))
           (func (canon lift (core func $i \"f\") gc)))",
    ),
    (
        "component-model-canon-names",
        "(component (import \"a:b/c@1\" (versionsuffix \".0.0\") (instance)))",
    ),
];

#[test]
fn a_proposal_that_weft_does_not_have_is_named() {
    for (expected, text) in REFUSED {
        match refusal(text.as_bytes()) {
            LowerError::MissingFeature { proposal, offset, .. } => {
                assert_eq!(proposal, *expected, "{text}");
                assert!(offset > 0, "{text}");
            }
            error => panic!("{error:?} for {text}"),
        }
        assert!(validate(text.as_bytes(), Rules::Strict).is_err(), "{text}");
    }
}

/// What a proposal allows where there is an older rule, which says no.
const RELAXED: &[&str] = &[
    // Custom descriptors: a cast need not be to a subtype, but only within one hierarchy.
    "(module (func (result anyref) (br_on_cast 0 eqref anyref (unreachable))))",
    "(module (func (result anyref) (br_on_cast_fail 0 eqref anyref (unreachable))))",
    // Nested namespaces and packages.
    "(component (import \"a:b:c/d\" (instance)))",
    "(component (import \"a:b/c/d\" (instance)))",
    "(component (instance $i) (export \"a:b:c/d\" (instance $i)))",
];

#[test]
fn a_rule_that_a_missing_proposal_relaxes_holds() {
    for text in RELAXED {
        assert!(matches!(refusal(text.as_bytes()), LowerError::Invalid { .. }), "{text}");
    }
}

/// Without the name of the item in the other encoding, each import of a section names its module.
#[test]
fn compact_import_sections_are_refused() {
    let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0a\x01\x01m\0\x7f\x01\x01f\0\0";
    match refusal(module) {
        LowerError::MissingFeature { proposal, .. } => assert_eq!(proposal, "compact-import-section"),
        error => panic!("{error:?}"),
    }
}

#[test]
fn what_weft_has_beyond_webassembly_3_is_valid() {
    for text in [
        "(module (memory 1 (pagesize 1)))",
        "(module (func (param i64 i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 1))))",
        "(component (import \"a\" (implements \"a:b/c@1.0.0\") (instance)))",
        "(component (import \"f\" (func (param \"l\" (list u8 4)) (param \"m\" (map string u32)))))",
        "(module (memory i64 1) (tag (param i32)) (func (param (ref null exn) anyref) (return_call 0 (local.get 0) (local.get 1))))",
    ] {
        is_accepted("features", text, Rules::Strict);
    }
}
