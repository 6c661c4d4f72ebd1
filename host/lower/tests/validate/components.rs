//! The rules for the arguments of core modules, canonical definitions and components.

use crate::{Rule, check_extensions, check_rules, is_accepted};
use weft_lower::Rules;

fn component(fields: &str) -> String {
    format!("(component {fields})")
}

/// A module that exports an item, and one that imports it.
fn passed(exported: &str, imported: &str) -> String {
    format!(
        r#"(component
          (core module $A (type $f (shared (func))) {exported})
          (core instance $a (instantiate $A))
          (core module $B (type $f (shared (func))) {imported})
          (core instance (instantiate $B (with "a" (instance $a)))))"#
    )
}

const SHARED: &[(&str, &str)] = &[
    (
        r#"(func (export "x") (type $f))"#,
        r#"(import "a" "x" (func (type $f)))"#,
    ),
    (
        r#"(memory (export "x") 1 1 shared)"#,
        r#"(import "a" "x" (memory 1 1 shared))"#,
    ),
    (
        r#"(table (export "x") shared 1 1 (ref null (shared func)))"#,
        r#"(import "a" "x" (table shared 1 1 (ref null (shared func))))"#,
    ),
    (
        r#"(global (export "x") (shared i32) (i32.const 0))"#,
        r#"(import "a" "x" (global (shared i32)))"#,
    ),
    (r#"(tag (export "x") (type $f))"#, r#"(import "a" "x" (tag (type $f)))"#),
];

const UNSHARED: &[(&str, &str)] = &[
    (
        r#"(type $u (func)) (func (export "x") (type $u))"#,
        r#"(type $u (func)) (import "a" "x" (func (type $u)))"#,
    ),
    (r#"(memory (export "x") 1 1)"#, r#"(import "a" "x" (memory 1 1))"#),
    (
        r#"(table (export "x") 1 1 (ref null (shared func)))"#,
        r#"(import "a" "x" (table 1 1 (ref null (shared func))))"#,
    ),
    (
        r#"(global (export "x") i32 (i32.const 0))"#,
        r#"(import "a" "x" (global i32))"#,
    ),
    (
        r#"(type $u (func)) (tag (export "x") (type $u))"#,
        r#"(type $u (func)) (import "a" "x" (tag (type $u)))"#,
    ),
];

#[test]
fn what_is_shared_and_what_is_not_do_not_match() {
    for ((shared, wants_shared), (unshared, wants_unshared)) in SHARED.iter().zip(UNSHARED) {
        is_accepted("SETV-11", &passed(shared, wants_shared), Rules::Strict);
        is_accepted("SETV-11", &passed(unshared, wants_unshared), Rules::Strict);
        for text in [passed(shared, wants_unshared), passed(unshared, wants_shared)] {
            crate::is_refused("SETV-11", &text, Rules::Extended);
            crate::is_refused("SETV-11", &text, Rules::Strict);
        }
    }
}

/// Between the type of a module and a module.
#[test]
fn modules_that_are_passed_are_as_shared_as_asked_for() {
    let text = |wanted: &str, given: &str| {
        format!(
            r#"(component
              (component $C (import "m" (core module (export "g" (global {wanted})))))
              (core module $M (global (export "g") {given} (i32.const 0)))
              (instance (instantiate $C (with "m" (core module $M)))))"#
        )
    };
    is_accepted("SETV-11", &text("(shared i32)", "(shared i32)"), Rules::Extended);
    is_accepted("SETV-11", &text("i32", "i32"), Rules::Extended);
    crate::is_refused("SETV-11", &text("(shared i32)", "i32"), Rules::Extended);
    crate::is_refused("SETV-11", &text("i32", "(shared i32)"), Rules::Extended);
}

/// The same where the module is in something else that is passed, or its export says a type: what is asked for, and given.
const GIVEN: [fn(&str, &str) -> String; 6] = [
    |wanted, given| {
        format!(
            r#"(component
              (component $P (core module $M (global (export "g") {given} (i32.const 0))) (export "m" (core module $M)))
              (instance $p (instantiate $P))
              (component $C (import "i" (instance (export "m" (core module (export "g" (global {wanted})))))))
              (instance (instantiate $C (with "i" (instance $p)))))"#
        )
    },
    |wanted, given| {
        format!(
            r#"(component
              (core module $M (global (export "g") {given} (i32.const 0)))
              (instance $inner (export "m" (core module $M)))
              (instance $outer (export "i" (instance $inner)))
              (component $C
                (import "o" (instance (export "i" (instance (export "m" (core module (export "g" (global {wanted})))))))))
              (instance (instantiate $C (with "o" (instance $outer)))))"#
        )
    },
    |wanted, given| {
        format!(
            r#"(component
              (component $P (core module $M (global (export "g") {given} (i32.const 0))) (export "m" (core module $M)))
              (component $C (import "c" (component (export "m" (core module (export "g" (global {wanted})))))))
              (instance (instantiate $C (with "c" (component $P)))))"#
        )
    },
    |wanted, given| {
        format!(
            r#"(component
              (component $P (import "m" (core module (export "g" (global {given})))))
              (component $C (import "c" (component (import "m" (core module (export "g" (global {wanted})))))))
              (instance (instantiate $C (with "c" (component $P)))))"#
        )
    },
    |wanted, given| {
        format!(
            r#"(component
              (core module $M (global (export "g") {given} (i32.const 0)))
              (export "m" (core module $M) (core module (export "g" (global {wanted})))))"#
        )
    },
    |wanted, given| {
        format!(
            r#"(component
              (core module $M (global (export "g") {given} (i32.const 0)))
              (instance $i (export "m" (core module $M)))
              (export "i" (instance $i) (instance (export "m" (core module (export "g" (global {wanted})))))))"#
        )
    },
];

#[test]
fn modules_are_as_shared_as_asked_for_wherever_they_are() {
    for text in GIVEN {
        is_accepted("SETV-11", &text("(shared i32)", "(shared i32)"), Rules::Strict);
        is_accepted("SETV-11", &text("i32", "i32"), Rules::Strict);
        crate::is_refused("SETV-11", &text("(shared i32)", "i32"), Rules::Extended);
        crate::is_refused("SETV-11", &text("i32", "(shared i32)"), Rules::Extended);
    }
    let error = crate::refusal(GIVEN[1]("i32", "(shared i32)").as_bytes()).to_string();
    assert!(error.contains("argument `o`: `i/m/g` is shared"), "{error}");
    let error = crate::refusal(GIVEN[4]("i32", "(shared i32)").as_bytes()).to_string();
    assert!(error.contains("export `m`: `g` is shared"), "{error}");
}

const MEMORIES: &[Rule] = &[Rule {
    id: "SETV-22",
    accepted: &[
        r#"(core module $M (memory (export "memory") 1) (func (export "f") (result i32) (i32.const 0)))
         (core instance $m (instantiate $M))
         (func (result string) (canon lift (core func $m "f") (memory (core memory $m "memory"))))"#,
    ],
    refused: &[],
}];

const SHARED_OPTIONS: &[(&str, &str)] = &[
    (
        "SETV-22",
        r#"(core module $M (memory (export "memory") 1 1 shared) (func (export "f") (result i32) (i32.const 0)))
         (core instance $m (instantiate $M))
         (func (result string) (canon lift (core func $m "f") (memory (core memory $m "memory"))))"#,
    ),
    (
        "SETV-22",
        r#"(import "f" (func $f (param "text" string)))
         (core module $M (memory (export "memory") 1 1 shared))
         (core instance $m (instantiate $M))
         (core func (canon lower (func $f) (memory (core memory $m "memory"))))"#,
    ),
    (
        "SETV-23",
        r#"(core module $M (type $f (shared (func (result i32)))) (func (export "f") (type $f) (i32.const 0)))
         (core instance $m (instantiate $M))
         (func (result u32) (canon lift (core func $m "f")))"#,
    ),
    (
        "SETV-23",
        r#"(core module $M
           (type $p (shared (func (param i32))))
           (func (export "f") (result i32) (i32.const 0))
           (func (export "p") (type $p)))
         (core instance $m (instantiate $M))
         (func (result u32) (canon lift (core func $m "f") (post-return (core func $m "p"))))"#,
    ),
    (
        "SETV-23",
        r#"(import "f" (func $f (param "x" u32)))
         (core func $f (canon lower (func $f)))
         (core module $M (type $f (shared (func (param i32)))) (import "" "f" (func (type $f))))
         (core instance (instantiate $M (with "" (instance (export "f" (func $f))))))"#,
    ),
];

#[test]
fn canonical_definitions_take_what_is_shared() {
    check_rules(MEMORIES, component);
    check_extensions(SHARED_OPTIONS, component);
}

/// What a definition is given must fit it, shared or not.
#[test]
fn shared_functions_are_lifted_at_their_type() {
    let text = r#"(component
      (core module $M (type $f (shared (func (result i64)))) (func (export "f") (type $f) (i64.const 0)))
      (core instance $m (instantiate $M))
      (func (result u32) (canon lift (core func $m "f"))))"#;
    let error = crate::refusal(text.as_bytes()).to_string();
    assert!(error.contains("lowered"), "{error}");
}

/// Unshared, a type that is open, has a supertype or is in a group is not the one that a definition asks for either.
#[test]
fn shared_functions_of_special_types_are_not_lifted() {
    for types in [
        "(type $f (sub (shared (func (result i32)))))",
        "(type $open (sub (shared (func (result i32))))) (type $f (sub final $open (shared (func (result i32)))))",
        "(rec (type $f (shared (func (result i32)))) (type (shared (func))))",
    ] {
        let text = format!(
            r#"(component
              (core module $M {types} (func (export "f") (type $f) (i32.const 0)))
              (core instance $m (instantiate $M))
              (func (result u32) (canon lift (core func $m "f"))))"#
        );
        let error = crate::refusal(text.as_bytes()).to_string();
        assert!(error.contains("core function 0"), "{error}");
    }
}

/// One definition for two modules, at a shared type and at an unshared one, through lists of items and aliases of them.
#[test]
fn a_definition_may_be_used_at_both_types() {
    let text = r#"(component
      (core func $get (canon context.get i32 0))
      (core func $index (canon thread.index))
      (core instance $one (export "get" (func $get)) (export "index" (func $index)))
      (alias core export $one "get" (core func $alias))
      (core module $Shared
        (type $get (shared (func (result i32))))
        (type $index (func (result i32)))
        (import "x" "get" (func (type $get)))
        (import "x" "index" (func (type $index))))
      (core module $Unshared (import "x" "get" (func (result i32))))
      (core instance $two (export "get" (func $alias)) (export "index" (func $index)))
      (core instance (instantiate $Shared (with "x" (instance $one))))
      (core instance (instantiate $Unshared (with "x" (instance $one))))
      (core instance (instantiate $Shared (with "x" (instance $two)))))"#;
    is_accepted("SETV-23", text, Rules::Extended);
    crate::is_refused("CTX-07", text, Rules::Strict);
}

/// What a module passes on has the type that the module gives it.
#[test]
fn what_a_module_exports_again_is_no_definition() {
    let text = |ty: &str| {
        format!(
            r#"(component
              (core func $get (canon context.get i32 0))
              (core module $A
                (type $get {ty})
                (import "" "get" (func $get (type $get)))
                (export "get" (func $get)))
              (core instance $a (instantiate $A (with "" (instance (export "get" (func $get))))))
              (core module $B (type $get (shared (func (result i32)))) (import "a" "get" (func (type $get))))
              (core instance (instantiate $B (with "a" (instance $a)))))"#
        )
    };
    is_accepted("SETV-23", &text("(shared (func (result i32)))"), Rules::Extended);
    crate::is_refused("SETV-11", &text("(func (result i32))"), Rules::Extended);
}
