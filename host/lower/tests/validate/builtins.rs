//! The rules for the types of the thread and context built-ins.

use crate::{Rule, check_extensions, check_rules, is_accepted, refusal};
use weft_lower::Rules;

/// A component with tables to start threads from, and start types.
fn component(fields: &str) -> String {
    format!(
        r#"(component
          (core module $Tables
            (type $s (shared (func (param i32))))
            (type $t (func (param i32)))
            (table (export "shared") shared 1 (ref null (shared func)))
            (table (export "shared64") shared i64 1 (ref null (shared func)))
            (table (export "typed") shared 1 (ref null $s))
            (table (export "bottom") shared 1 (ref null (shared nofunc)))
            (table (export "any") shared 1 (ref null (shared any)))
            (table (export "mixed") 1 (ref null (shared func)))
            (table (export "unshared") 1 funcref)
            (table (export "unshared64") i64 1 funcref)
            (table (export "unshared-typed") 1 (ref null $t))
            (table (export "extern") 1 externref))
          (core instance $tables (instantiate $Tables))
          (core type $s (shared (func (param i32))))
          (core type $s64 (shared (func (param i64))))
          (core type $u (func (param i32)))
          (core type $u64 (func (param i64)))
          (core type $float (shared (func (param f32))))
          (core type $two (shared (func (param i32 i32))))
          (core type $none (shared (func)))
          (core type $gives (shared (func (param i32) (result i32))))
          (core type $struct (shared (struct)))
          (core type $module (module))
          {fields})"#
    )
}

/// A module that imports `builtin` at a type, and the definition of it.
fn at_type(definition: &str, types: &str) -> String {
    format!(
        r#"(core func $builtin (canon {definition}))
          (core module $M {types} (import "" "f" (func (type $builtin))))
          (core instance (instantiate $M (with "" (instance (export "f" (func $builtin))))))"#
    )
}

#[test]
fn start_types_and_tables() {
    check_rules(STARTS, component);
}

const STARTS: &[Rule] = &[
    Rule {
        id: "SPAWN-REF-05",
        accepted: &[
            "(core func (canon thread.spawn-ref $s))",
            "(core func (canon thread.spawn-ref shared $s))",
            "(core func (canon thread.spawn-ref $u))",
            "(core type $sub (sub (shared (func (param i32))))) (core func (canon thread.spawn-ref $sub))",
        ],
        refused: &[
            "(core func (canon thread.spawn-ref shared $u))",
            "(core func (canon thread.spawn-ref $two))",
            "(core func (canon thread.spawn-ref $none))",
            "(core func (canon thread.spawn-ref $gives))",
            "(core func (canon thread.spawn-ref $struct))",
            "(core func (canon thread.spawn-ref $module))",
        ],
    },
    Rule {
        id: "SPAWN-REF-06",
        accepted: &[
            "(core func (canon thread.spawn-ref $s64))",
            "(core func (canon thread.spawn-ref $u64))",
        ],
        refused: &["(core func (canon thread.spawn-ref $float))"],
    },
    Rule {
        id: "SPAWN-IND-05",
        accepted: &[
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "shared")))"#,
            r#"(core func (canon thread.spawn-indirect shared $s (core table $tables "shared")))"#,
            r#"(core func (canon thread.spawn-indirect $s64 (core table $tables "shared")))"#,
            r#"(core func (canon thread.spawn-indirect $u (core table $tables "unshared")))"#,
            r#"(core func (canon thread.spawn-indirect $u64 (core table $tables "unshared64")))"#,
        ],
        refused: &[
            r#"(core func (canon thread.spawn-indirect shared $u (core table $tables "unshared")))"#,
            r#"(core func (canon thread.spawn-indirect $float (core table $tables "shared")))"#,
            r#"(core func (canon thread.spawn-indirect $gives (core table $tables "shared")))"#,
            r#"(core func (canon thread.spawn-indirect $module (core table $tables "shared")))"#,
            // SPAWN-IND-06: the type comes before the table.
            r#"(core func (canon thread.spawn-indirect $two (core table $tables "extern")))"#,
            "(core func (canon thread.spawn-indirect $two (core table 7)))",
        ],
    },
    Rule {
        id: "SPAWN-IND-07",
        accepted: &[
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "typed")))"#,
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "bottom")))"#,
            // SPAWN-IND-08 and 09.
            r#"(core func (canon thread.spawn-indirect $u (core table $tables "unshared-typed")))"#,
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "shared64")))"#,
        ],
        refused: &[
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "unshared")))"#,
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "mixed")))"#,
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "any")))"#,
            r#"(core func (canon thread.spawn-indirect $u (core table $tables "shared")))"#,
            r#"(core func (canon thread.spawn-indirect $u (core table $tables "mixed")))"#,
            r#"(core func (canon thread.spawn-indirect $u (core table $tables "extern")))"#,
            "(core func (canon thread.spawn-indirect $s (core table 7)))",
        ],
    },
    Rule {
        id: "NEW-03",
        accepted: &[
            r#"(core func (canon thread.new-indirect $u (core table $tables "unshared")))"#,
            r#"(core func (canon thread.new-indirect $u64 (core table $tables "unshared")))"#,
        ],
        refused: &[
            r#"(core func (canon thread.new-indirect $float (core table $tables "unshared")))"#,
            r#"(core func (canon thread.new-indirect $two (core table $tables "unshared")))"#,
            r#"(core func (canon thread.new-indirect $struct (core table $tables "unshared")))"#,
        ],
    },
    Rule {
        id: "NEW-04",
        accepted: &[
            r#"(core func (canon thread.new-indirect $u (core table $tables "unshared-typed")))"#,
            r#"(core func (canon thread.new-indirect $u (core table $tables "unshared64")))"#,
        ],
        refused: &[
            r#"(core func (canon thread.new-indirect $u (core table $tables "extern")))"#,
            r#"(core func (canon thread.new-indirect $u (core table $tables "shared")))"#,
            r#"(core func (canon thread.new-indirect $u (core table $tables "mixed")))"#,
        ],
    },
    Rule {
        id: "CTX-03",
        accepted: &["(core func (canon context.get i32 0)) (core func (canon context.set i32 1))"],
        refused: &[
            "(core func (canon context.get i32 2))",
            "(core func (canon context.set i32 2))",
        ],
    },
    Rule {
        id: "CTX-04",
        accepted: &["(core func (canon context.get i64 0)) (core func (canon context.set i64 1))"],
        refused: &[
            "(core func (canon context.get f32 0))",
            "(core func (canon context.set funcref 1))",
        ],
    },
    Rule {
        id: "CTX-05",
        accepted: &[
            "(core func (canon context.get i32 0)) (core func (canon context.set i32 1))",
            // CTX-06: another component may choose another.
            "(core func (canon context.get i32 0)) (component (core func (canon context.get i64 0)))",
        ],
        refused: &["(core func (canon context.get i32 0)) (core func (canon context.set i64 1))"],
    },
];

/// The definition, its type, and the rule that gives it. A component that imports it at that type is valid, and one that
/// imports it at the type of another line is not.
const DEFINED: &[(&str, &str, &str)] = &[
    (
        "SPAWN-REF-08",
        "thread.spawn-ref $s",
        "(type $s (shared (func (param i32))))
         (type $builtin (shared (func (param (ref null $s) i32) (result i32))))",
    ),
    (
        "SPAWN-REF-08",
        "thread.spawn-ref $s64",
        "(type $s (shared (func (param i64))))
         (type $builtin (shared (func (param (ref null $s) i64) (result i32))))",
    ),
    (
        "SPAWN-REF-08",
        "thread.spawn-ref $u64",
        "(type $s (func (param i64))) (type $builtin (func (param (ref null $s) i64) (result i32)))",
    ),
    (
        "SPAWN-IND-10",
        r#"thread.spawn-indirect $s (core table $tables "shared")"#,
        "(type $builtin (shared (func (param i32 i32) (result i32))))",
    ),
    (
        "SPAWN-IND-10",
        r#"thread.spawn-indirect $s64 (core table $tables "shared")"#,
        "(type $builtin (shared (func (param i32 i64) (result i32))))",
    ),
    (
        "SPAWN-IND-10",
        r#"thread.spawn-indirect $s (core table $tables "shared64")"#,
        "(type $builtin (shared (func (param i64 i32) (result i32))))",
    ),
    (
        "NEW-05",
        r#"thread.new-indirect $u64 (core table $tables "unshared64")"#,
        "(type $builtin (func (param i64 i64) (result i32)))",
    ),
    ("CTX-07", "context.set i32 0", "(type $builtin (func (param i32)))"),
    ("CTX-07", "context.set i64 0", "(type $builtin (func (param i64)))"),
    ("IDX-01", "thread.index", "(type $builtin (func (result i32)))"),
    (
        "SCH-02",
        "thread.suspend-then-resume",
        "(type $builtin (func (param i32) (result i32)))",
    ),
];

#[test]
fn builtins_have_the_types_that_they_define() {
    for (id, definition, ty) in DEFINED {
        is_accepted(id, &component(&at_type(definition, ty)), Rules::Strict);
        is_accepted(id, &component(&at_type(definition, ty)), Rules::Extended);
        for (_, other, ty) in DEFINED {
            if other != definition {
                crate::is_refused(id, &component(&at_type(definition, ty)), Rules::Extended);
            }
        }
    }
}

/// The other built-ins that switch between threads.
#[test]
fn switches_have_the_types_that_they_define() {
    let ready = "(type $builtin (func (param i32)))";
    let pause = "(type $builtin (func (result i32)))";
    let to = "(type $builtin (func (param i32) (result i32)))";
    for (builtin, ty, other) in [
        ("thread.resume-later", ready, pause),
        ("thread.suspend", pause, to),
        ("thread.yield", pause, ready),
        ("thread.suspend-then-resume", to, ready),
        ("thread.yield-then-resume", to, pause),
        ("thread.suspend-then-promote", to, ready),
        ("thread.yield-then-promote", to, pause),
    ] {
        is_accepted("SCH-02", &component(&at_type(builtin, ty)), Rules::Strict);
        crate::is_refused("SCH-02", &component(&at_type(builtin, other)), Rules::Strict);
    }
}

#[test]
fn available_parallelism_is_shared_if_it_says_so() {
    let shared = "(type $builtin (shared (func (result i32))))";
    let unshared = "(type $builtin (func (result i32)))";
    let at = |definition: &str, ty: &str| component(&at_type(definition, ty));
    is_accepted(
        "PAR-04",
        &at("thread.available-parallelism shared", shared),
        Rules::Strict,
    );
    crate::is_refused(
        "PAR-04",
        &at("thread.available-parallelism shared", unshared),
        Rules::Strict,
    );
    // wasm-tools means a shared function by it, and the specification an unshared one.
    for ty in [shared, unshared] {
        is_accepted("PAR-04", &at("thread.available_parallelism", ty), Rules::Strict);
    }
}

/// By the letter only those that say `shared` are.
#[test]
fn other_builtins_may_be_used_at_shared_types() {
    let extensions = [
        ("CTX-07", "context.get i32 0", "(shared (func (result i32)))"),
        ("CTX-07", "context.set i64 1", "(shared (func (param i64)))"),
        ("IDX-01", "thread.index", "(shared (func (result i32)))"),
        ("SCH-02", "thread.yield", "(shared (func (result i32)))"),
        (
            "NEW-05",
            r#"thread.new-indirect $u (core table $tables "unshared")"#,
            "(shared (func (param i32 i32) (result i32)))",
        ),
    ];
    for (id, definition, ty) in extensions {
        let text = at_type(definition, &format!("(type $builtin {ty})"));
        check_extensions(&[(id, &text)], component);
    }
    // A thread that can be started later may be preemptive.
    check_extensions(
        &[(
            "NEW-03",
            r#"(core func (canon thread.new-indirect $s (core table $tables "shared")))"#,
        )],
        component,
    );
}

#[test]
fn what_does_not_exist_is_named_as_the_input_counts() {
    for (fields, message) in [
        ("(core func (canon thread.spawn-ref 99))", "unknown type 99"),
        (
            "(core func (canon thread.spawn-indirect $s (core table 7)))",
            "unknown table 7",
        ),
        (
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "shared")))
               (alias core export $tables "none" (core func))"#,
            "core instance 0 has no export named `none`",
        ),
        (
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "shared")))
               (core instance (instantiate 5))"#,
            "unknown module 5",
        ),
        (
            r#"(core func (canon thread.spawn-indirect $s (core table $tables "shared")))
               (core instance (export "f" (func 5)))"#,
            "unknown core function 5",
        ),
    ] {
        let error = refusal(component(fields).as_bytes()).to_string();
        assert!(error.contains(message), "{error}, in\n{fields}");
    }
}

/// What is advised has `shared` where the definition or its type has it.
#[test]
fn advice_on_start_types_fits() {
    let cases = [
        ("thread.spawn-ref", "(func (param f32))", "`(func (param i32))`"),
        (
            "thread.spawn-ref",
            "(shared (func (param f32)))",
            "`(shared (func (param i32)))`",
        ),
        (
            "thread.spawn-ref shared",
            "(func (param f32))",
            "`(shared (func (param i32)))`",
        ),
        ("thread.spawn-ref", "(module)", "`(func (param i32))`"),
    ];
    for (builtin, ty, advice) in cases {
        let text = format!("(component (core type $s {ty}) (core func (canon {builtin} $s)))");
        let error = refusal(text.as_bytes()).to_string();
        assert!(error.contains(&format!("expected {advice}")), "{error}");
    }
}

/// Each definition of a built-in declares its start type anew, so there is a limit, below which groups that refer to each other
/// are declared in order.
#[test]
fn start_types_need_a_thousand_types_at_most() {
    let chain = |others: u32| {
        let first = "(core type $c0 (shared (func)))".to_owned();
        let next = |n| format!("(core type $c{n} (shared (func (param (ref $c{})))))", n - 1);
        let others = others - 2;
        format!(
            "(component {} {} (core rec (type $s (shared (func (param i32)))) (type (shared (func (param (ref $c{others}))))))
            (canon thread.spawn-ref shared $s (core func)))",
            first,
            (1..=others).map(next).collect::<String>()
        )
    };
    is_accepted("SPAWN-REF-05", &chain(999), Rules::Extended);
    assert_eq!(
        refusal(chain(1000).as_bytes()).to_string(),
        "start type 999 that refers to more than 1000 types is not supported: declare it in a smaller recursion group"
    );
}
