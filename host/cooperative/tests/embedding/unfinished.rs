//! Items that Wasmtime does not support completely. weft refuses them by name and offset if the component uses them, and accepts
//! them if it does not.

use crate::engine;
use weft_cooperative::{Profile, compile};

/// A component whose core module is given `definition` as `f`, of type `ty`. It is not called.
fn with_definition(before: &str, definition: &str, ty: &str) -> String {
    format!(
        r#"(component
            {before}
            (core func $f (canon {definition}))
            (core module $m (import "" "f" (func {ty})))
            (core instance (instantiate $m (with "" (instance (export "f" (func $f)))))))"#
    )
}

const WIDE_RESOURCE: &str = "(type $r (resource (rep i64)))";
/// A memory of 64-bit addresses and what else lifting and lowering need.
const WIDE_MEMORY: &str = r#"
    (core module $memory
        (memory (export "m") i64 1)
        (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64))
        (func (export "list") (param i64 i64)))
    (core instance $memory (instantiate $memory))
    (type $stream (stream u8))
    (type $future (future u8))"#;

#[test]
fn what_wasmtime_has_not_finished_is_refused_by_name_and_offset() {
    let realloc = r#"(memory $memory "m") (realloc (func $memory "realloc"))"#;
    let memory = r#"(memory $memory "m")"#;
    let host = format!(r#"(import "f" (func $host (result (list u8)))) {WIDE_MEMORY}"#);
    let cases = [
        (
            WIDE_RESOURCE,
            "resource.new $r".to_owned(),
            "(param i64) (result i32)",
            "resource.new",
        ),
        (
            WIDE_RESOURCE,
            "resource.rep $r".to_owned(),
            "(param i32) (result i64)",
            "resource.rep",
        ),
        (
            WIDE_MEMORY,
            format!("waitable-set.wait {memory}"),
            "(param i32 i64) (result i32)",
            "waitable-set.wait",
        ),
        (
            WIDE_MEMORY,
            format!("waitable-set.poll {memory}"),
            "(param i32 i64) (result i32)",
            "waitable-set.poll",
        ),
        (
            WIDE_MEMORY,
            format!("stream.read $stream {memory}"),
            "(param i32 i32 i32) (result i32)",
            "stream.read",
        ),
        (
            WIDE_MEMORY,
            format!("stream.write $stream {memory}"),
            "(param i32 i32 i32) (result i32)",
            "stream.write",
        ),
        (
            WIDE_MEMORY,
            format!("future.read $future {memory}"),
            "(param i32 i32) (result i32)",
            "future.read",
        ),
        (
            WIDE_MEMORY,
            format!("future.write $future {memory}"),
            "(param i32 i32) (result i32)",
            "future.write",
        ),
        (
            WIDE_MEMORY,
            format!("task.return (result string) {memory}"),
            "(param i64 i64)",
            "task.return",
        ),
        (
            WIDE_MEMORY,
            format!("error-context.new {memory}"),
            "(param i32 i32) (result i32)",
            "error-context.new",
        ),
        (
            WIDE_MEMORY,
            format!("error-context.debug-message {realloc}"),
            "(param i32 i32)",
            "error-context.debug-message",
        ),
        (
            host.as_str(),
            format!("lower (func $host) {realloc}"),
            "(param i64)",
            "canon lower",
        ),
    ];
    for (before, definition, ty, name) in cases {
        let component = with_definition(before, &definition, ty);
        let error = compile(&engine(), component.as_bytes(), Profile::Full)
            .expect_err("it is refused")
            .to_string();
        assert!(error.starts_with(&format!("`{name}` ")), "{definition}: {error}");
        assert!(
            error.contains("(at offset 0x") && error.contains("Wasmtime 48"),
            "{definition}: {error}"
        );
    }
    let lifted = format!(
        r#"(component {WIDE_MEMORY}
            (func (export "f") (param "x" (list u8)) (canon lift (core func $memory "list") {realloc})))"#
    );
    let error = compile(&engine(), lifted.as_bytes(), Profile::Full)
        .expect_err("it is refused")
        .to_string();
    assert!(
        error.starts_with("`canon lift` with a 64-bit memory (at offset 0x"),
        "{error}"
    );
}

#[test]
fn what_is_not_used_or_finished_in_wasmtime_is_accepted() {
    let unused =
        format!("(component {WIDE_RESOURCE} (core func (canon resource.new $r)) (core func (canon resource.rep $r)))");
    let realloc = r#"(memory $memory "m") (realloc (func $memory "realloc"))"#;
    let between = format!(
        r#"(component
            (component $callee {WIDE_MEMORY}
                (func (export "f") (param "x" (list u8)) (canon lift (core func $memory "list") {realloc})))
            (instance $callee (instantiate $callee))
            {WIDE_MEMORY}
            (core func $f (canon lower (func $callee "f") {realloc}))
            (core module $m (import "" "f" (func (param i64 i64))))
            (core instance (instantiate $m (with "" (instance (export "f" (func $f)))))))"#
    );
    let numbers = r#"(component
        (core module $m (memory (export "m") i64 1) (func (export "f") (param i32)))
        (core instance $m (instantiate $m))
        (func (export "f") (param "x" u32) (canon lift (core func $m "f") (memory $m "m"))))"#;
    for component in [&unused, &between, numbers] {
        if let Err(error) = compile(&engine(), component.as_bytes(), Profile::Full) {
            panic!("{error}: {component}");
        }
    }
}
