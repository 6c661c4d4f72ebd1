//! Functions that the compiler inlines: the program does the same, and backtraces lack them.

use crate::support::{Running, engine_with, functions, trap, watched};

const CODE: &str = r#"
    (func $quotient (type $binary) (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func $divide (export "divide") (type $binary) (param i32 i32) (result i32)
        (i32.add (call $quotient (local.get 0) (local.get 1)) (i32.const 1)))
"#;

#[test]
fn a_trap_in_an_inlined_function_is_the_same_trap() {
    watched(|| {
        let trap_of = |inlining| {
            let engine = engine_with(2, |config| {
                config.compiler_inlining(inlining);
            });
            let types = r#"(param "a" s32) (param "b" s32) (result s32)"#;
            let program = Running::start(&engine, CODE, &[("divide", types)]);
            assert_eq!(program.call("divide", &[12, 3]).expect("no trap"), 5);
            trap(program.call("divide", &[1, 0]))
        };
        let (separate, inlined) = (trap_of(false), trap_of(true));
        assert_eq!(inlined.message(), separate.message());
        assert_eq!(functions(&separate)[..2], ["quotient", "divide"]);
        assert!(!functions(&inlined).contains(&"quotient"));
    });
}
