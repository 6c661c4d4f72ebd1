//! Inputs of megabytes: the work must grow with the size, not with its square.
//!
//! The tests do not measure time. They take about a second. If the work grew with the square of these sizes, they would take more
//! than ten minutes.

/// A component with the built-in through which threads are spawned, and what else there is.
mod passes;

use passes::{lower, unshare, validate};
fn component(fields: &str) -> String {
    format!(
        r#"(component
          (core type $s (shared (func (param i32))))
          (core module $T (table (export "t") shared 1 1 (ref null (shared func))))
          (core instance $t (instantiate $T))
          (alias core export $t "t" (core table $t))
          (core func $spawn (canon thread.spawn-indirect $s (core table $t)))
          {fields})"#
    )
}

/// Calls in blocks in blocks: what is open is many, and is met often.
#[test]
fn calls_in_nested_blocks() {
    let (blocks, calls) = (500_000, 1_000_000);
    let open = "block ".repeat(blocks);
    let calls = "call 0 ".repeat(calls);
    let ends = "end ".repeat(blocks);
    let component = component(&format!(
        "(core module $M (func {open}{calls}{ends})) (core instance (instantiate $M))"
    ));
    let plan = lower(component.as_bytes()).unwrap();
    assert!(plan.wasm.len() > 3_500_000);
}

/// Each definition becomes modules and instances, of which a component can have a thousand.
#[test]
fn more_definitions_than_there_can_be_stand_ins() {
    let component = component(&"(core func (canon thread.spawn-ref $s))".repeat(600));
    validate(component.as_bytes(), weft_lower::Rules::Extended).unwrap();
    lower(component.as_bytes()).unwrap();
    let error = unshare(component.as_bytes()).unwrap_err().to_string();
    assert!(
        error.contains("so many definitions (instances count exceeds limit of 1000"),
        "{error}"
    );
}

/// One built-in under many names: all imports of the run-time module have names of their own.
#[test]
fn many_imports_of_one_builtin() {
    let names = 0..100_000;
    let exports: String = names
        .clone()
        .map(|name| format!(r#"(export "{name}" (func $index))"#))
        .collect();
    let imports: String = names
        .clone()
        .map(|name| format!(r#"(import "b" "{name}" (func (type $f)))"#))
        .collect();
    let component = component(&format!(
        r#"(core func $index (canon thread.index))
           (core instance $b {exports})
           (core module $M (type $f (shared (func (result i32)))) {imports})
           (core instance (instantiate $M (with "b" (instance $b))))"#
    ));
    let plan = lower(component.as_bytes()).unwrap();
    assert_eq!(plan.arguments.len(), names.len());
}
