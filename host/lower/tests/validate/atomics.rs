//! Atomic accesses: the types that they allow, and their operands.

use crate::core_modules::module;
use crate::{Rule, check_rules, refusal};

#[test]
fn atomic_accesses_have_the_types_that_they_may() {
    check_rules(ATOMICS, module);
}

const ATOMICS: &[Rule] = &[
    Rule {
        id: "SETV-16",
        accepted: &[
            "(global $g (shared mut i64) (i64.const 0)) (func (drop (global.atomic.get seq_cst $g)))",
            "(global $g (shared mut (ref null (shared any))) (ref.null (shared any)))
             (func (global.atomic.set seq_cst $g (global.atomic.rmw.xchg seq_cst $g (ref.null (shared none)))))",
            "(global $g (mut anyref) (ref.null any)) (func (drop (global.atomic.get seq_cst $g)))",
            "(global $g (shared mut (ref null (shared eq))) (ref.null (shared eq)))
             (func (drop (global.atomic.rmw.cmpxchg seq_cst $g (ref.null (shared eq)) (ref.null (shared eq)))))",
        ],
        refused: &[
            "(global $g (shared mut f64) (f64.const 0)) (func (drop (global.atomic.get seq_cst $g)))",
            "(global $g (shared mut (ref null (shared func))) (ref.null (shared func)))
             (func (global.atomic.set seq_cst $g (ref.null (shared func))))",
            "(global $g (mut externref) (ref.null extern)) (func (drop (global.atomic.get seq_cst $g)))",
            "(global $g (shared mut (ref null (shared any))) (ref.null (shared any)))
             (func (drop (global.atomic.rmw.cmpxchg seq_cst $g (ref.null (shared any)) (ref.null (shared any)))))",
        ],
    },
    Rule {
        id: "SETV-17",
        accepted: &[
            "(table $t shared 1 (ref null (shared any))) (func (drop (table.atomic.get seq_cst $t (i32.const 0))))",
            "(table $t 1 anyref) (func (table.atomic.set seq_cst $t (i32.const 0) (ref.null any)))",
            "(table $t 1 i31ref) (func (drop (table.atomic.rmw.xchg seq_cst $t (i32.const 0) (ref.null i31))))",
            "(table $t i64 1 eqref)
             (func (drop (table.atomic.rmw.cmpxchg seq_cst $t (i64.const 0) (ref.null eq) (ref.null eq))))",
        ],
        refused: &[
            "(table $t shared 1 (ref null (shared func))) (func (drop (table.atomic.get seq_cst $t (i32.const 0))))",
            "(table $t 1 funcref) (func (table.atomic.set seq_cst $t (i32.const 0) (ref.null func)))",
            "(table $t 1 externref) (func (drop (table.atomic.rmw.xchg seq_cst $t (i32.const 0) (ref.null extern))))",
            "(table $t 1 anyref)
             (func (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (ref.null eq) (ref.null eq))))",
        ],
    },
    Rule {
        id: "SETV-18",
        accepted: &[
            "(type $s (shared (struct (field (mut i32)))))
             (func (param (ref $s)) (drop (struct.atomic.get seq_cst $s 0 (local.get 0))))",
            "(type $a (shared (array (mut i64))))
             (func (param (ref $a))
               (drop (array.atomic.rmw.add seq_cst $a (local.get 0) (i32.const 0) (i64.const 1))))",
        ],
        refused: &[
            "(type $s (shared (struct (field (mut f32)))))
             (func (param (ref $s)) (drop (struct.atomic.get seq_cst $s 0 (local.get 0))))",
            "(type $a (shared (array (mut f64))))
             (func (param (ref $a))
               (drop (array.atomic.rmw.add seq_cst $a (local.get 0) (i32.const 0) (f64.const 1))))",
        ],
    },
    Rule {
        id: "SETV-19",
        accepted: &[
            "(table $t shared 1 (ref null (shared i31)))
             (func (param (ref null (shared eq)))
               (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (local.get 0) (ref.null (shared i31)))))",
            "(table $t 1 i31ref)
             (func (param eqref)
               (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (local.get 0) (ref.null i31))))",
            "(global $g (shared mut (ref null (shared i31))) (ref.null (shared i31)))
             (func (param (ref null (shared eq)))
               (drop (global.atomic.rmw.cmpxchg seq_cst $g (local.get 0) (ref.null (shared i31)))))",
        ],
        refused: &[],
    },
    Rule {
        id: "SETV-20",
        accepted: &[
            "(func (param (ref null (shared eq)) (ref null (shared eq))) (result i32)
               (ref.eq (local.get 0) (local.get 1)))",
        ],
        refused: &["(func (param (ref null (shared eq)) eqref) (result i32) (ref.eq (local.get 0) (local.get 1)))"],
    },
    Rule {
        id: "SETV-21",
        accepted: &[
            "(func (result i32) (ref.eq (unreachable) (unreachable)))",
            "(func (result (ref null (shared any))) (unreachable) (any.convert_extern))",
        ],
        refused: &[],
    },
];

/// Where views of a module are to let something through, they let nothing else through.
#[test]
fn operands_of_atomic_accesses_are_what_is_accessed() {
    for fields in [
        // Of the wrong sharedness.
        "(table $t shared 1 (ref null (shared any))) (func (table.atomic.set seq_cst $t (i32.const 0) (ref.null any)))",
        "(table $t 1 anyref) (func (table.atomic.set seq_cst $t (i32.const 0) (ref.null (shared any))))",
        "(global $g (shared mut (ref null (shared any))) (ref.null (shared any)))
         (func (global.atomic.set seq_cst $g (ref.null any)))",
        "(table $t shared 1 (ref null (shared i31)))
         (func (param eqref)
           (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (local.get 0) (ref.null (shared i31)))))",
        // What is to be written is not what the table holds, whatever it is compared with.
        "(table $t shared 1 (ref null (shared i31)))
         (func (param (ref null (shared eq)))
           (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (local.get 0) (local.get 0))))",
        "(table $t shared 1 (ref null (shared i31)))
         (func (param (ref null (shared any)))
           (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (local.get 0) (ref.null (shared i31)))))",
    ] {
        let error = refusal(module(fields).as_bytes());
        assert!(error.to_string().contains("type mismatch"), "{error}, in\n{fields}");
    }
}
