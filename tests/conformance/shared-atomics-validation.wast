;; The atomic instructions on globals, tables, structs and arrays, and the rest of the shared heap, as far as validation
;; is concerned.
;;! shared-everything = true

;; Globals: i32, i64 and references below any can be read, written and exchanged.
;;; SETV-16 SETB-05 SETB-06
(module definition
  (global $i (shared mut i32) (i32.const 0))
  (global $l (shared mut i64) (i64.const 0))
  (global $u (mut i32) (i32.const 0))
  (func (result i32) (global.atomic.get seq_cst $i))
  (func (result i32) (global.atomic.get acq_rel $i))
  (func (result i64) (global.atomic.get seq_cst $l))
  (func (global.atomic.set seq_cst $i (i32.const 1)))
  (func (global.atomic.set acq_rel $l (i64.const 1)))
  (func (result i32) (global.atomic.get seq_cst $u))
  (func (result i32) (global.atomic.rmw.add seq_cst $i (i32.const 1)))
  (func (result i64) (global.atomic.rmw.add acq_rel $l (i64.const 1)))
  (func (result i32) (global.atomic.rmw.sub seq_cst $i (i32.const 1)))
  (func (result i64) (global.atomic.rmw.sub acq_rel $l (i64.const 1)))
  (func (result i32) (global.atomic.rmw.and seq_cst $i (i32.const 1)))
  (func (result i64) (global.atomic.rmw.and acq_rel $l (i64.const 1)))
  (func (result i32) (global.atomic.rmw.or seq_cst $i (i32.const 1)))
  (func (result i64) (global.atomic.rmw.or acq_rel $l (i64.const 1)))
  (func (result i32) (global.atomic.rmw.xor seq_cst $i (i32.const 1)))
  (func (result i64) (global.atomic.rmw.xor acq_rel $l (i64.const 1)))
  (func (result i32) (global.atomic.rmw.xchg seq_cst $i (i32.const 1)))
  (func (result i64) (global.atomic.rmw.xchg acq_rel $l (i64.const 1)))
  (func (result i32) (global.atomic.rmw.cmpxchg seq_cst $i (i32.const 1) (i32.const 2)))
  (func (result i64) (global.atomic.rmw.cmpxchg acq_rel $l (i64.const 1) (i64.const 2))))
;;; SETV-16
(module definition
  (global $a (shared mut (ref null (shared any))) (ref.null (shared any)))
  (global $e (shared mut (ref null (shared eq))) (ref.null (shared eq)))
  (func (result (ref null (shared any))) (global.atomic.get seq_cst $a))
  (func (global.atomic.set seq_cst $a (ref.null (shared any))))
  (func (result (ref null (shared any))) (global.atomic.rmw.xchg seq_cst $a (ref.null (shared any))))
  (func (result (ref null (shared eq)))
    (global.atomic.rmw.cmpxchg seq_cst $e (ref.null (shared eq)) (ref.null (shared eq)))))
;;; SETV-16
(module definition
  (global $a (mut anyref) (ref.null any))
  (func (result anyref) (global.atomic.get seq_cst $a)))
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut f32) (f32.const 0))
    (func (drop (global.atomic.get seq_cst $g))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut f64) (f64.const 0))
    (func (drop (global.atomic.get seq_cst $g))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut v128) (v128.const i64x2 0 0))
    (func (drop (global.atomic.get seq_cst $g))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut (ref null (shared func))) (ref.null (shared func)))
    (func (drop (global.atomic.get seq_cst $g))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut (ref null (shared extern))) (ref.null (shared extern)))
    (func (drop (global.atomic.get seq_cst $g))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut f32) (f32.const 0))
    (func (global.atomic.set seq_cst $g (f32.const 0))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut f64) (f64.const 0))
    (func (drop (global.atomic.rmw.add seq_cst $g (f64.const 0)))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut (ref null (shared any))) (ref.null (shared any)))
    (func (drop (global.atomic.rmw.add seq_cst $g (ref.null (shared any))))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut (ref null (shared any))) (ref.null (shared any)))
    (func (drop (global.atomic.rmw.cmpxchg seq_cst $g (ref.null (shared any)) (ref.null (shared any))))))
  "only allows")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared i32) (i32.const 0))
    (func (global.atomic.set seq_cst $g (i32.const 1))))
  "immutable")
;;; SETV-16
(assert_invalid
  (module
    (global $g (shared mut i32) (i32.const 0))
    (func (drop (global.atomic.rmw.add seq_cst $g (i64.const 1)))))
  "type mismatch")

;; Tables: references below any, shared or not; for cmpxchg below eq, and the expected operand may be any eq.
;;; SETV-17
(module definition
  (table $a shared 1 (ref null (shared any)))
  (table $e shared i64 1 (ref null (shared eq)))
  (func (result (ref null (shared any))) (table.atomic.get seq_cst $a (i32.const 0)))
  (func (table.atomic.set acq_rel $a (i32.const 0) (ref.null (shared any))))
  (func (result (ref null (shared any))) (table.atomic.rmw.xchg seq_cst $a (i32.const 0) (ref.null (shared any))))
  (func (result (ref null (shared eq)))
    (table.atomic.rmw.cmpxchg seq_cst $e (i64.const 0) (ref.null (shared eq)) (ref.null (shared eq)))))
;;; SETV-17
(module definition
  (table $a 1 anyref)
  (table $e 1 eqref)
  (func (result anyref) (table.atomic.get seq_cst $a (i32.const 0)))
  (func (table.atomic.set seq_cst $a (i32.const 0) (ref.null any)))
  (func (result eqref) (table.atomic.rmw.cmpxchg seq_cst $e (i32.const 0) (ref.null eq) (ref.null eq))))
;;; SETV-17
(assert_invalid
  (module
    (table $t shared 1 (ref null (shared func)))
    (func (drop (table.atomic.get seq_cst $t (i32.const 0)))))
  "only allows")
;;; SETV-17
(assert_invalid
  (module
    (table $t 1 funcref)
    (func (table.atomic.set seq_cst $t (i32.const 0) (ref.null func))))
  "only allows")
;;; SETV-17
(assert_invalid
  (module
    (table $t shared 1 (ref null (shared extern)))
    (func (drop (table.atomic.rmw.xchg seq_cst $t (i32.const 0) (ref.null (shared extern))))))
  "only allows")
;;; SETV-17
(assert_invalid
  (module
    (table $t shared 1 (ref null (shared any)))
    (func (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (ref.null (shared any)) (ref.null (shared any))))))
  "only allows")
;;; SETV-19
(module definition
  (table $t shared 1 (ref null (shared i31)))
  (global $g (shared mut (ref null (shared i31))) (ref.null (shared i31)))
  (func (param $expected (ref null (shared eq))) (result (ref null (shared i31)))
    (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (local.get $expected) (ref.null (shared i31))))
  (func (param $expected (ref null (shared eq))) (result (ref null (shared i31)))
    (global.atomic.rmw.cmpxchg seq_cst $g (local.get $expected) (ref.null (shared i31)))))
;;; SETV-19
(assert_invalid
  (module
    (table $t shared 1 (ref null (shared i31)))
    (func (param $new (ref null (shared eq)))
      (drop (table.atomic.rmw.cmpxchg seq_cst $t (i32.const 0) (ref.null (shared eq)) (local.get $new)))))
  "type mismatch")

;; Structs and arrays.
;;; SETV-18
(module definition
  (type $s (shared (struct (field $n (mut i32)) (field $b (mut i8)) (field $r (mut (ref null (shared eq)))))))
  (func (param (ref $s)) (result i32) (struct.atomic.get seq_cst $s $n (local.get 0)))
  (func (param (ref $s)) (result i32) (struct.atomic.get_u acq_rel $s $b (local.get 0)))
  (func (param (ref $s)) (struct.atomic.set seq_cst $s $n (local.get 0) (i32.const 1)))
  (func (param (ref $s)) (result i32) (struct.atomic.rmw.add seq_cst $s $n (local.get 0) (i32.const 1)))
  (func (param (ref $s)) (result (ref null (shared eq)))
    (struct.atomic.rmw.cmpxchg seq_cst $s $r (local.get 0) (ref.null (shared eq)) (ref.null (shared eq)))))
;;; SETV-18
(module definition
  (type $a (shared (array (mut i64))))
  (func (param (ref $a)) (result i64) (array.atomic.get seq_cst $a (local.get 0) (i32.const 0)))
  (func (param (ref $a)) (array.atomic.set acq_rel $a (local.get 0) (i32.const 0) (i64.const 1)))
  (func (param (ref $a)) (result i64) (array.atomic.rmw.xor seq_cst $a (local.get 0) (i32.const 0) (i64.const 1))))
;;; SETV-18
(assert_invalid
  (module
    (type $s (shared (struct (field $n (mut f32)))))
    (func (param (ref $s)) (drop (struct.atomic.get seq_cst $s $n (local.get 0)))))
  "invalid type")
;;; SETV-18
(assert_invalid
  (module
    (type $s (shared (struct (field $n i32))))
    (func (param (ref $s)) (struct.atomic.set seq_cst $s $n (local.get 0) (i32.const 1))))
  "immutable")
;;; SETV-18
(assert_invalid
  (module
    (type $a (shared (array (mut f64))))
    (func (param (ref $a)) (drop (array.atomic.rmw.add seq_cst $a (local.get 0) (i32.const 0) (f64.const 1)))))
  "invalid type")

;; i31, comparison, length and conversion.
;;; SETV-20
(module definition
  (type $a (shared (array i32)))
  (func (result (ref (shared i31))) (ref.i31_shared (i32.const 1)))
  (func (result i32) (i31.get_s (ref.i31_shared (i32.const 1))))
  (func (result i32) (i31.get_u (ref.i31_shared (i32.const 1))))
  (func (param (ref null (shared eq)) (ref null (shared eq))) (result i32) (ref.eq (local.get 0) (local.get 1)))
  (func (param (ref null $a)) (result i32) (array.len (local.get 0)))
  (func (param (ref null (shared extern))) (result (ref null (shared any))) (any.convert_extern (local.get 0)))
  (func (param (ref null (shared any))) (result (ref null (shared extern))) (extern.convert_any (local.get 0))))
;;; SETV-20
(assert_invalid
  (module (func (result (ref i31)) (ref.i31_shared (i32.const 1))))
  "type mismatch")
;;; SETV-20
(assert_invalid
  (module (func (result (ref (shared i31))) (ref.i31 (i32.const 1))))
  "type mismatch")
;;; SETV-20
(assert_invalid
  (module (func (param (ref null (shared eq)) eqref) (result i32) (ref.eq (local.get 0) (local.get 1))))
  "type mismatch")

;; In code that cannot be reached an operand is shared or not, as needed, and only one of the two.
;;; SETV-21
(module definition
  (func (result i32) (ref.eq (unreachable) (unreachable)))
  (func (param (ref null (shared eq))) (result i32) (unreachable) (local.get 0) (ref.eq))
  (func (result anyref) (unreachable) (any.convert_extern))
  (func (result (ref null (shared any))) (unreachable) (any.convert_extern)))
;;; SETV-21
(assert_invalid
  (module (func (result (ref null (shared any))) (unreachable) (ref.null extern) (any.convert_extern)))
  "type mismatch")
