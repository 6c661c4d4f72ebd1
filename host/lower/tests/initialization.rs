//! A plan says how long its initialization can take, which happens once for all threads. A runtime uses that to decide where
//! to run it.

use weft_lower::plan::{Initialization, OwnMemories};
use weft_lower::{Component, Plan};

/// The plan of a component whose only core module has these items.
fn plan(items: &str) -> Plan {
    let text = format!("(component (core module $m {items}) (core instance (instantiate $m)))");
    let component = Component::read(text.as_bytes()).expect("a component");
    component.lower().expect("a valid component")
}

#[test]
fn a_plan_says_how_long_initialization_can_take() {
    let cases = [
        ("", Initialization::Nothing),
        ("(memory 1 1 shared)", Initialization::Nothing),
        ("(global (mut i32) (i32.const 7))", Initialization::Nothing),
        (r#"(memory 1 1 shared) (data (i32.const 0) "x")"#, Initialization::Items),
        (r#"(memory 1) (data (i32.const 0) "x")"#, Initialization::Items),
        // That of a linker.
        (
            r#"(memory 1 1 shared) (data $d "x") (func $start
                (if (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 8) (i32.const 0) (i32.const 1)))
                    (then (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $d))))
            (start $start)"#,
            Initialization::Items,
        ),
        (
            "(func $f) (func $start (call $f)) (start $start)",
            Initialization::Functions,
        ),
        ("(func $start (loop (br 0))) (start $start)", Initialization::Functions),
        (
            "(table 1 funcref) (func $start (call_indirect (i32.const 0))) (start $start)",
            Initialization::Functions,
        ),
        (
            "(func $start (return_call $start)) (start $start)",
            Initialization::Functions,
        ),
    ];
    for (items, expected) in cases {
        assert_eq!(plan(items).initialization, expected, "{items}");
    }
}

/// Its body is in another module, which may do anything.
#[test]
fn a_start_function_of_another_instance_can_take_any_time() {
    let text = r#"(component
        (core module $a (func (export "f")))
        (core instance $a (instantiate $a))
        (core module $b (import "a" "f" (func $f)) (start $f))
        (core instance (instantiate $b (with "a" (instance $a)))))"#;
    let plan = Component::read(text.as_bytes())
        .expect("a component")
        .lower()
        .expect("valid");
    assert_eq!(plan.initialization, Initialization::Functions);
}

#[test]
fn little_data_is_copied_and_much_is_left_to_the_engine() {
    let much = format!(r#"(data (i32.const 0) "{}")"#, "x".repeat(64 << 10));
    let cases = [
        (r#"(data (i32.const 0) "x")"#, 0, Initialization::Items),
        (much.as_str(), 1, Initialization::Nothing),
    ];
    for (data, with_segments, initialization) in cases {
        let plan = plan(&format!("(memory 2) {data}"));
        let memories = OwnMemories {
            count: 1,
            with_segments,
        };
        assert_eq!((plan.own_memories, plan.initialization), (memories, initialization));
    }
}
