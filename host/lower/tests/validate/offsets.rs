//! Errors have offsets in the input, whatever comes before the error.

use crate::passes::{encode, lower, threads, unshare};
use crate::refusal;
use weft_lower::{CanonicalEncoding, LowerError};

fn offset(error: &LowerError) -> usize {
    match error {
        LowerError::Invalid { offset, .. } | LowerError::Rule { offset, .. } => *offset as usize,
        error => panic!("{error}"),
    }
}

/// What is in the binary at the offset of the error.
fn bytes_at(text: &str) -> (Vec<u8>, String) {
    let binary = weft_lower::to_binary(text.as_bytes()).unwrap();
    let error = refusal(text.as_bytes());
    let bytes = binary.get(offset(&error)..).unwrap_or_default().to_vec();
    (bytes, error.to_string())
}

/// Definitions before the error that the validator is shown other things for.
const BEFORE: &str = r#"
  (core module $T (table (export "t") shared 1 (ref null (shared func))) (memory (export "m") 1 1 shared))
  (core instance $t (instantiate $T))
  (core type $s (shared (func (param i64))))
  (core func $spawn (canon thread.spawn-indirect $s (core table $t "t")))
  (core func $parallelism (canon thread.available_parallelism))
  (core module $M (type $f (shared (func (result i32)))) (func (export "f") (type $f) (i32.const 0)))
  (core instance $m (instantiate $M))
  (func (export "f") (result string) (canon lift (core func $m "f") (memory (core memory $t "m"))))"#;

#[test]
fn of_an_instruction() {
    let (bytes, error) = bytes_at(&format!(
        "(component {BEFORE} (core module (func (result i32) (i64.const 77) (i64.const 5) (i32.add))))"
    ));
    assert!(error.contains("type mismatch"), "{error}");
    assert_eq!(bytes.first(), Some(&0x6a), "{error}");
}

#[test]
fn of_an_instruction_that_breaks_a_rule() {
    let (bytes, error) = bytes_at(&format!(
        "(component {BEFORE} (core module
           (type $f (shared (func))) (global $g i64 (i64.const 0)) (func (type $f) (nop) (drop (global.get $g)))))"
    ));
    assert!(error.contains("SETV-01"), "{error}");
    assert_eq!(bytes.get(..2), Some(&[0x23, 0][..]), "{error}");
}

#[test]
fn of_an_ordering() {
    let text = format!(
        "(component {BEFORE} (core module
           (global $g (shared mut i32) (i32.const 0))
           (func (drop (global.atomic.rmw.add acq_rel $g (i32.const 1))))
           (func (drop (global.atomic.rmw.sub acq_rel $g (i32.const 1))))))"
    );
    let mut binary = weft_lower::to_binary(text.as_bytes()).unwrap().into_owned();
    for (opcode, ordering) in [(0x51, 0x11), (0x52, 0x10)] {
        let access = binary.windows(3).position(|bytes| bytes == [0xfe, opcode, 1]);
        binary[access.unwrap() + 2] = ordering;
    }
    let error = refusal(&binary);
    assert!(error.to_string().contains("SETB-04"), "{error}");
    assert_eq!(binary[offset(&error) - 2..][..3], [0xfe, 0x52, 0x10], "{error}");
}

#[test]
fn of_a_canonical_definition() {
    let (bytes, error) = bytes_at(&format!(
        "(component {BEFORE} (core func (canon thread.index)) (core func (canon context.get i32 3)))"
    ));
    assert!(error.contains("CTX-03"), "{error}");
    assert_eq!(bytes.get(..3), Some(&[0x0a, 0x7f, 3][..]), "{error}");
}

#[test]
fn of_an_instance() {
    let (bytes, error) = bytes_at(&format!(
        r#"(component {BEFORE} (core module $N (import "a" "b" (memory 1))) (core instance (instantiate $N)))"#
    ));
    assert!(error.contains("missing module instantiation argument"), "{error}");
    // An instance of the third module, with no arguments.
    assert_eq!(bytes.get(..3), Some(&[0, 2, 0][..]), "{error}");
}

#[test]
fn of_an_alias() {
    let (bytes, error) = bytes_at(&format!(
        r#"(component {BEFORE} (alias core export $m "f" (core func)) (alias core export $m "none" (core func)))"#
    ));
    assert!(error.contains("core instance 1 has no export named `none`"), "{error}");
    assert_eq!(bytes.get(..4), Some(&[0, 0, 1, 1][..]), "{error}");
}

/// A segment of function indices is rewritten for the validator, and another one is wrong.
#[test]
fn of_an_element_segment() {
    let (bytes, error) = bytes_at(
        "(module
           (type $f (shared (func))) (func $g (type $f))
           (table $t shared 8 (ref null (shared func))) (table $u 1 externref)
           (elem (table $t) (i32.const 0) func $g $g $g)
           (elem (table $u) (i32.const 0) funcref (ref.null func)))",
    );
    assert!(error.contains("invalid element type"), "{error}");
    assert_eq!(bytes.get(..2), Some(&[6, 1][..]), "{error}");
}

/// In the specification's encoding, immediates stand before the error, and a nested component around it.
#[test]
fn in_the_encoding_of_the_specification() {
    let wrong = "(core func (canon context.get i32 3))";
    let text = format!(
        "(component
           (core type $u (func (param i32)))
           (core func (canon thread.spawn-ref $u)) (core func (canon thread.available-parallelism shared))
           (component (core func (canon thread.available-parallelism shared)) (core func (canon thread.index)) {wrong}))"
    );
    let binary = encode(text.as_bytes(), CanonicalEncoding::Specification).unwrap();
    let error = refusal(&binary);
    assert!(error.to_string().contains("CTX-03"), "{error}");
    let bytes = binary.get(offset(&error)..).unwrap_or_default();
    assert_eq!(bytes.get(..3), Some(&[0x0a, 0x7f, 3][..]), "{error}");
    // Behind all of them.
    let text = text.replace(wrong, "").replacen("(component", "(component $outer", 1);
    let text = format!("{} {wrong})", text.strip_suffix(')').unwrap());
    let binary = encode(text.as_bytes(), CanonicalEncoding::Specification).unwrap();
    let error = refusal(&binary);
    let bytes = binary.get(offset(&error)..).unwrap_or_default();
    assert_eq!(bytes.get(..3), Some(&[0x0a, 0x7f, 3][..]), "{error}");
}

/// What a component starts is looked at when it is known to be valid.
#[test]
fn of_what_starts_threads() {
    let text = r#"(component
        (core type $s (shared (func (param i32)))) (core type $u (func (param i32)))
        (core module $M
          (table (export "s") shared 1 (ref null (shared func))) (table (export "u") 1 funcref))
        (core instance $m (instantiate $M))
        (alias core export $m "s" (core table $s)) (alias core export $m "u" (core table $u))
        (core func (canon thread.available-parallelism)) (core func (canon thread.available-parallelism))
        (core func (canon thread.spawn-indirect shared $s (core table $s)))
        (core func (canon thread.new-indirect $u (core table $u))))"#;
    let binary = encode(text.as_bytes(), CanonicalEncoding::Specification).unwrap();
    let errors = [
        lower(&binary).map(drop),
        unshare(&binary).map(drop),
        threads(&binary).map(drop),
    ];
    for error in errors {
        let error = error.unwrap_err();
        let LowerError::MixedThreads {
            preemptive_offset,
            offset,
            ..
        } = error
        else {
            panic!("{error}")
        };
        assert_eq!(binary[preemptive_offset as usize..][..4], [0x41, 1, 0, 0], "{error}");
        assert_eq!(binary[offset as usize..][..3], [0x27, 1, 1], "{error}");
    }
    let text = text.replace(
        "(core func (canon thread.spawn-indirect shared $s (core table $s)))",
        "",
    );
    let binary = encode(text.as_bytes(), CanonicalEncoding::Specification).unwrap();
    let error = lower(&binary).unwrap_err();
    let LowerError::Cooperative { offset, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(binary[offset as usize..][..3], [0x27, 1, 1], "{error}");
}

/// What weft does not have is found when the component is flattened, from other bytes.
#[test]
fn of_a_builtin_that_is_not_had() {
    let text = r#"(component
        (core type $start (shared (func (param i32))))
        (core func $spawn (canon thread.spawn-ref shared $start))
        (core func $drop (canon subtask.drop))
        (core module $M (import "" "drop" (func (param i32))))
        (core instance (instantiate $M (with "" (instance (export "drop" (func $drop)))))))"#;
    let binary = encode(text.as_bytes(), CanonicalEncoding::Specification).unwrap();
    let error = lower(&binary).unwrap_err().to_string();
    let offset = binary.windows(3).position(|bytes| bytes == [0x40, 1, 0]).unwrap() + 3;
    assert_eq!(binary[offset], 0x0d);
    assert!(
        error.contains(&format!("`subtask.drop` (at offset {offset:#x})")),
        "{error}"
    );
}
