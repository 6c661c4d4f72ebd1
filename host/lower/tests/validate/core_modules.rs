//! The rules of shared-everything-threads for core modules.

use crate::{Rule, check_extensions, check_rules, refusal};
use weft_lower::LowerError;

/// A module with an unshared and a shared function type.
pub fn module(fields: &str) -> String {
    format!("(module (type $u (func)) (type $f (shared (func)))\n{fields})")
}

#[test]
fn what_shared_functions_use_is_shared() {
    check_rules(USES, module);
    check_extensions(EXCEPTIONS, module);
}

const USES: &[Rule] = &[
    Rule {
        id: "SETV-01",
        accepted: &[
            "(global $g (shared mut i32) (i32.const 0)) (func (type $f) (global.set $g (global.get $g)))",
            "(global $g (shared mut i32) (i32.const 0))
             (func (type $f) (drop (global.atomic.rmw.add seq_cst $g (i32.const 1))))",
            "(table $t shared 1 (ref null (shared func))) (func (type $f) (drop (table.size $t)))",
            "(table $t shared 1 (ref null (shared func))) (table $v shared 1 (ref null (shared func)))
             (func (type $f) (table.copy $t $v (i32.const 0) (i32.const 0) (i32.const 1)))",
            "(table $t shared 1 (ref null (shared func))) (func (type $f) (call_indirect $t (type $f) (i32.const 0)))",
        ],
        refused: &[
            "(global $g (mut i32) (i32.const 0)) (func (type $f) (global.set $g (i32.const 0)))",
            "(global $g i32 (i32.const 0)) (func (type $f) (drop (global.get $g)))",
            "(global $g (import \"\" \"\") (mut i32))
             (func (type $f) (drop (global.atomic.rmw.add seq_cst $g (i32.const 1))))",
            "(table $t 1 (ref null (shared func))) (func (type $f) (drop (table.size $t)))",
            "(table $t shared 1 (ref null (shared func))) (table $v 1 (ref null (shared func)))
             (func (type $f) (table.copy $t $v (i32.const 0) (i32.const 0) (i32.const 1)))",
            "(table $t 1 (ref null (shared func))) (func (type $f) (call_indirect $t (type $f) (i32.const 0)))",
        ],
    },
    Rule {
        id: "SETV-02",
        accepted: &[
            "(func $g (type $f)) (func (type $f) (call $g))",
            "(import \"\" \"\" (func $g (type $f))) (func (type $f) (return_call $g))",
            "(func $g (type $f)) (elem declare func $g) (func (type $f) (drop (ref.func $g)))",
            "(func (type $f) (call_ref $f (ref.null $f)))",
            "(func (type $f) (return_call_ref $f (ref.null $f)))",
        ],
        refused: &[
            "(func $g (type $u)) (func (type $f) (call $g))",
            "(import \"\" \"\" (func $g (type $u))) (func (type $f) (return_call $g))",
            "(func $g (type $u)) (elem declare func $g) (func (type $f) (drop (ref.func $g)))",
            "(func (type $f) (unreachable) (call_ref $u))",
            "(func (type $f) (unreachable) (return_call_ref $u))",
            "(table $t shared 1 (ref null (shared func))) (func (type $f) (call_indirect $t (type $u) (i32.const 0)))",
        ],
    },
    Rule {
        id: "SETV-03",
        accepted: &[
            "(memory 1 1 shared) (func (type $f) (drop (i32.load (i32.const 0))))",
            "(memory 1 1 shared) (func (type $f) (drop (memory.grow (memory.size))))",
            "(memory $m 1 1 shared) (memory $n i64 1 1 shared)
             (func (type $f) (memory.copy $m $n (i32.const 0) (i64.const 0) (i32.const 1)))",
            "(memory 1 1 shared) (func (type $f) (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))",
            "(memory 1 1 shared) (func (type $f) (drop (v128.load8_lane 0 (i32.const 0) (v128.const i64x2 0 0))))",
        ],
        refused: &[
            "(memory 1) (func (type $f) (drop (i32.load (i32.const 0))))",
            "(memory (import \"\" \"\") 1) (func (type $f) (drop (memory.grow (i32.const 1))))",
            "(memory 1) (func (type $f) (drop (memory.size)))",
            "(memory $m 1 1 shared) (memory $n i64 1)
             (func (type $f) (memory.copy $m $n (i32.const 0) (i64.const 0) (i32.const 1)))",
            "(memory 1) (func (type $f) (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))",
            "(memory 1) (func (type $f) (drop (v128.load8_lane 0 (i32.const 0) (v128.const i64x2 0 0))))",
        ],
    },
    Rule {
        id: "SETV-04",
        accepted: &[
            "(tag $e (type $f)) (func (type $f) (throw $e))",
            "(tag $e (type $f)) (func (type $f) (block $l (try_table (catch $e $l))))",
            // Nothing shared uses these.
            "(tag $e (type $u)) (data $d \"\") (elem $s funcref) (func (type $u) (data.drop $d) (elem.drop $s) (throw $e))",
        ],
        refused: &[
            "(tag $e (type $u)) (func (type $f) (throw $e))",
            "(tag $e (import \"\" \"\") (type $u)) (func (type $f) (block $l (try_table (catch $e $l))))",
            "(elem $s funcref (ref.null func)) (func (type $f) (elem.drop $s))",
        ],
    },
    Rule {
        id: "SETV-05",
        accepted: &[
            "(func (type $f) (local i32 v128 (ref null (shared any)) (ref null $f)))",
            "(func (type $f) (drop (ref.null (shared any))))",
            "(func (type $f) (drop (block (result (ref null $f)) (ref.null $f))))",
            "(func (type $f) (drop (select (result (ref null $f)) (ref.null $f) (ref.null $f) (i32.const 0))))",
            // The type of a block need not be a shared function type, and one that is written out is not.
            "(func (type $f) (block (result i32 i64) (i32.const 0) (i64.const 0)) drop drop)",
            "(func (type $f) (i32.const 0) (loop (param i32) (drop)))",
            "(func (type $f) (unreachable) (ref.is_null) (drop))",
            "(func (type $f) (unreachable) (ref.test (ref (shared any))) (drop))",
            "(func (type $f) (unreachable) (ref.test (ref null $f)) (drop))",
        ],
        refused: &[
            "(func (type $f) (local anyref))",
            "(func (type $f) (local i32 (ref null $u) i32))",
            "(func (type $f) (drop (ref.null any)))",
            "(func (type $f) (drop (ref.null $u)))",
            "(func (type $f) (drop (block (result funcref) (unreachable))))",
            "(func (type $f) (drop (select (result funcref) (unreachable) (unreachable) (i32.const 0))))",
            "(func (type $f) (block (result i32 externref) (unreachable)) drop drop)",
            "(func (type $f) (unreachable) (loop (param (ref null $u)) (drop)))",
            "(func (type $f) (drop (ref.i31 (i32.const 0))))",
            "(func (type $f) (unreachable) (ref.cast (ref any)) (drop))",
            // What leaves nothing of the type on the stack.
            "(func (type $f) (unreachable) (ref.test (ref any)) (drop))",
            "(func (type $f) (unreachable) (ref.test (ref null $u)) (drop))",
            "(func (type $f) (block (unreachable) (br_on_cast 0 anyref (ref i31)) (unreachable)))",
            "(func (type $f) (block (result (ref null (shared any)))
               (unreachable) (br_on_cast_fail 0 anyref (ref i31)) (unreachable)) drop)",
        ],
    },
    Rule {
        id: "SETV-06",
        accepted: &[
            "(type $s (shared (struct (field i32)))) (func (type $f) (drop (struct.new $s (i32.const 0))))",
            "(type $a (shared (array i32))) (func (type $f) (drop (array.new_default $a (i32.const 0))))",
        ],
        refused: &[
            "(type $s (struct (field i32))) (func (type $f) (drop (struct.new $s (i32.const 0))))",
            "(type $a (array i32)) (func (type $f) (drop (array.new_default $a (i32.const 0))))",
            // What leaves nothing of the type on the stack.
            "(type $s (struct (field (mut i32)))) (func (type $f) (unreachable) (struct.get $s 0) (drop))",
            "(type $s (struct (field (mut i32)))) (func (type $f) (unreachable) (struct.set $s 0))",
            "(type $a (array (mut i32))) (func (type $f) (unreachable) (array.get $a) (drop))",
            "(type $a (array (mut i32))) (func (type $f) (unreachable) (array.set $a))",
            "(type $a (array (mut i32))) (func (type $f) (unreachable) (array.fill $a))",
            "(type $a (array (mut i32))) (func (type $f) (unreachable) (array.copy $a $a))",
        ],
    },
    Rule {
        id: "SETV-07",
        accepted: &[
            "(global $g (shared mut i32) (i32.const 0)) (memory 1 1 shared) (tag $e (type $f))
             (table $t shared 1 (ref null (shared func))) (func $g (type $f))
             (func (type $u)
               (local (ref null $f))
               (i32.store (i32.const 0) (global.get $g))
               (call $g)
               (drop (table.get $t (i32.const 0)))
               (throw $e))",
        ],
        refused: &[],
    },
];

#[test]
fn what_is_shared_has_shared_types() {
    check_rules(TYPES, module);
}

const TYPES: &[Rule] = &[
    Rule {
        id: "SETV-08",
        accepted: &[
            "(type (shared (func (param i32 v128 (ref null $f)) (result (ref null (shared any))))))",
            "(type (shared (struct (field i8) (field (mut (ref null $f))))))",
            "(type (func (param (ref null $f))))",
        ],
        refused: &[
            "(type (shared (func (param funcref))))",
            "(type (shared (struct (field i8) (field (mut (ref null $u))))))",
            "(type (shared (array externref)))",
        ],
    },
    Rule {
        id: "SETV-09",
        accepted: &["(global (shared (ref null $f)) (ref.null $f))"],
        refused: &[
            "(global (shared (ref null $u)) (ref.null $u))",
            "(global (import \"\" \"\") (shared mut funcref))",
        ],
    },
    Rule {
        id: "SETV-10",
        accepted: &["(table shared 1 (ref null $f))"],
        refused: &[
            "(table shared 1 (ref null $u))",
            "(table (import \"\" \"\") shared 1 funcref)",
        ],
    },
    Rule {
        id: "SETV-24",
        accepted: &[
            "(global $a (shared i32) (i32.const 0)) (global (shared i32) (global.get $a)) (global i32 (global.get $a))",
            "(global $a (import \"\" \"\") (shared (ref null $f))) (table shared 1 (ref null $f) (global.get $a))",
            "(global $a i32 (i32.const 0)) (global i32 (global.get $a))",
            "(global $a (import \"\" \"\") (shared (ref null $f))) (table $t shared 1 (ref null $f))
             (elem (table $t) (i32.const 0) (ref null $f) (global.get $a)) (elem (ref null $f) (global.get $a))",
            // Where it is put is no shared thing, and nothing shared can put it elsewhere.
            "(global $a (import \"\" \"\") (ref null $f)) (table $t 1 (ref null $f))
             (elem (table $t) (i32.const 0) (ref null $f) (global.get $a)) (elem declare (ref null $f) (global.get $a))",
            "(global $a (import \"\" \"\") (ref null $u)) (table shared 1 (ref null $f)) (elem (ref null $u) (global.get $a))",
            // The place is no value in the table.
            "(global $a (import \"\" \"\") i32) (table $t shared 1 (ref null $f))
             (elem (table $t) (global.get $a) (ref null $f) (ref.null $f))",
        ],
        refused: &[
            "(global $a i32 (i32.const 0)) (global (shared i32) (global.get $a))",
            "(global $a (import \"\" \"\") (ref null $f)) (table $t shared 1 (ref null $f))
             (elem (table $t) (i32.const 0) (ref null $f) (ref.null $f) (global.get $a))",
            "(global $a (ref null $f) (ref.null $f)) (table $t shared 1 (ref null $f)) (elem (ref null $f) (global.get $a))",
            "(global $a (import \"\" \"\") (ref null (shared func))) (elem (ref null (shared func)) (global.get $a))",
            "(global $a i32 (i32.const 0)) (type $s (shared (struct (field i32))))
             (global (shared (ref $s)) (struct.new $s (global.get $a)))",
            "(global $a (import \"\" \"\") i64) (global (shared mut i64) (i64.add (i64.const 1) (global.get $a)))",
            "(global $a (import \"\" \"\") (ref null $f)) (table shared 1 (ref null $f) (global.get $a))",
        ],
    },
];

#[test]
fn shared_tables_are_filled_and_called_through() {
    check_rules(TABLES, module);
    check_extensions(SEGMENTS, module);
}

const TABLES: &[Rule] = &[
    Rule {
        id: "SETV-12",
        accepted: &[
            "(table $t shared 1 (ref null (shared func))) (func (type $u) (call_indirect $t (type $f) (i32.const 0)))",
            "(table $t shared i64 1 (ref null $f)) (func (type $f) (return_call_indirect $t (type $f) (i64.const 0)))",
        ],
        refused: &[
            "(table $t shared 1 (ref null (shared any))) (func (type $f) (call_indirect $t (type $f) (i32.const 0)))",
            "(table $t shared 1 (ref null (shared func))) (func (type $u) (call_indirect $t (type $u) (i32.const 0)))",
        ],
    },
    Rule {
        id: "SETV-11",
        accepted: &[
            "(func $g (type $f)) (table $t shared 1 (ref null (shared func)))
             (elem (table $t) (i32.const 0) (ref null (shared func)) (ref.func $g))",
            "(func $g (type $f)) (func $h (type $u)) (elem declare func $g $h)",
            "(func $h (type $u)) (table 1 funcref) (elem (i32.const 0) func $h)",
        ],
        refused: &[
            "(func $h (type $u)) (table $t shared 1 (ref null (shared func))) (elem (table $t) (i32.const 0) func $h)",
            "(func $g (type $f)) (table 1 funcref) (elem (i32.const 0) func $g)",
            "(func $g (type $f)) (func $h (type $u)) (elem func $g $h)",
        ],
    },
];

/// A reference to an exception that stays with its thread.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("SETV-05", "(func (type $f) (local exnref) (throw_ref (local.get 0)))"),
    (
        "SETV-05",
        "(func (type $f) (block (result exnref) (ref.null exn)) (throw_ref))",
    ),
    (
        "SETV-05",
        "(func (type $f) (block $c (result (ref exn)) (try_table (catch_all_ref $c)) (return)) (drop))",
    ),
    (
        "SETV-05",
        "(type $n (shared (func (param i64)))) (tag $e (type $n))
         (func (type $f) (block $c (result i64 exnref) (try_table (catch_ref $e $c)) (return)) (throw_ref))",
    ),
];

/// No tool can mark a segment as shared, so all are where it matters.
const SEGMENTS: &[(&str, &str)] = &[
    (
        "SETV-04",
        "(func $g (type $f)) (elem $d declare func $g) (func (type $f) (elem.drop $d))",
    ),
    (
        "SETV-13",
        "(func $g (type $f)) (table $t shared 2 (ref null (shared func))) (elem (table $t) (i32.const 0) func $g $g)",
    ),
    (
        "SETV-13",
        "(func $g (type $f)) (table $t shared 2 (ref null (shared func))) (elem $s func $g)
         (func (type $f) (table.init $t $s (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $s))",
    ),
    ("SETV-04", "(data $d \"\") (func (type $f) (data.drop $d))"),
    (
        "SETV-04",
        "(elem $s (ref null (shared func))) (func (type $f) (elem.drop $s))",
    ),
    (
        "SETV-04",
        "(memory 1 1 shared) (data $d \"\")
         (func (type $f) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0)))",
    ),
];

/// No tool writes them, so no test can be text.
#[test]
fn what_no_tool_writes_is_refused_by_name() {
    const HEADER: &[u8] = b"\0asm\x01\0\0\0";
    for (section, rule, item) in [
        // A global: an `i32`, thread-local, `i32.const 0`.
        (&b"\x06\x06\x01\x7f\x04\x41\0\x0b"[..], "SETV-14", "thread-local global"),
        // A passive element segment, and a passive data segment, both marked as shared and empty.
        (b"\x09\x05\x01\x0d\x65\x70\0", "SETB-03", "flag `shared` of a segment"),
        (b"\x0b\x03\x01\x09\0", "SETB-03", "flag `shared` of a segment"),
        // A function type, a function of it, an instruction.
        (
            b"\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x06\x01\x04\0\xfe\x7e\x0b",
            "SETV-15",
            "waiter queues",
        ),
    ] {
        let binary = [HEADER, section].concat();
        let error = refusal(&binary);
        assert!(matches!(error, LowerError::Unsupported { .. }), "{error}");
        let message = error.to_string();
        assert!(message.contains(rule) && message.contains(item), "{message}");
    }
    // Other flags are garbage.
    for section in [
        &b"\x06\x06\x01\x7f\x10\x41\0\x0b"[..],
        b"\x09\x05\x01\x15\x65\x70\0",
        b"\x0b\x03\x01\x11\0",
    ] {
        let error = refusal(&[HEADER, section].concat());
        assert!(matches!(error, LowerError::Invalid { .. }), "{error}");
    }
}
