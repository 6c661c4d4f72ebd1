//! Errors name the item that they are about.

use crate::refusal;

/// What an error in a module of these fields says first, whether the module stands alone or in components.
#[track_caller]
fn names(fields: &str, expected: &str) {
    let module = format!("(module {fields})");
    let nested = format!(
        "(component (core module (func $before)) (component (core module {fields})) (core module (func $behind)))"
    );
    for text in [module, nested] {
        let error = refusal(text.as_bytes()).to_string();
        assert!(error.starts_with(expected), "{error}, for\n{text}");
    }
}

const SHARED: &str = r#"(type $f (shared (func))) (import "" "f" (func $import)) (import "" "g" (global i32))"#;

#[test]
fn functions_and_locals() {
    let fields = format!("{SHARED} (func $good (type $f)) (func $bad (type $f) (local i32 i64 externref)) (func)");
    names(
        &fields,
        "in function `bad` (2): a shared function has local 2 of type `externref`",
    );
    let fields = format!("{SHARED} (func (type $f)) (func (type $f) (drop (global.get 0)))");
    names(
        &fields,
        "in function `2`: shared functions cannot access unshared globals",
    );
    names(
        "(func $f (result i32) (i64.const 0))",
        "invalid: in function `f` (0): type mismatch",
    );
    names("(func) (func (type 9))", "invalid: in function `1`: unknown type 9");
}

#[test]
fn types() {
    names(
        "(type $a (func)) (type $b (shared (func (param anyref))))",
        "in type `b` (1): shared composite type must contain shared types",
    );
    names(
        "(type $a (sub (func))) (type $b (sub $a (shared (func))))",
        "in type `b` (1): sub type must match super type: type 1 is shared, but its supertype 0 is not: make both",
    );
    names(
        "(rec (type $a (sub (shared (func)))) (type (sub $a (func))))",
        "in types `0` to `1`: sub type must match super type: type 1 is not shared, but its supertype 0 is: make both",
    );
    // For another reason.
    names(
        "(type $a (sub (shared (func)))) (type (sub $a (shared (func (param i32)))))",
        "invalid: in type `1`: sub type must match super type (at",
    );
}

#[test]
fn other_items() {
    let fields =
        format!("{SHARED} (global $x (shared i32) (i32.const 0)) (global $y (shared funcref) (ref.null func))");
    names(
        &fields,
        "in global `y` (2): shared globals must have a shared value type",
    );
    names(
        "(table 1 funcref) (table shared 1 funcref)",
        "in table `1`: shared tables must have a shared element type",
    );
    names("(tag) (tag (type 9))", "invalid: in tag `1`: unknown type 9");
    names("(memory 1) (memory 2 1)", "invalid: in memory `1`: ");
    names(
        "(table $t 1 externref) (elem $e (i32.const 0) func)",
        "invalid: in element segment `e` (0): type mismatch",
    );
    names(
        "(memory 1) (data $d (i64.const 0))",
        "invalid: in data segment `d` (0): type mismatch",
    );
}

/// The names may be malformed: the index is left.
#[test]
fn malformed_names_are_left_out() {
    let mut module = weft_lower::to_binary(b"(module (func $bad (result i32)))")
        .unwrap()
        .into_owned();
    let name = module.windows(3).position(|bytes| bytes == b"bad").unwrap();
    module[name] = 0xff;
    let error = refusal(&module).to_string();
    assert!(error.starts_with("invalid: in function `0`: type mismatch"), "{error}");
}
