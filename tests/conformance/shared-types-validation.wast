;; Shared types, globals, tables and segments: what they may hold, and what matches what.
;;! shared-everything = true

;; A shared type contains only shared value types; numbers and vectors always are.
;;; SETV-08
(module definition
  (type $f (shared (func (param i32 i64 f32 f64 v128) (result i32 i64 f32 f64 v128))))
  (type $g (shared (func (param (ref $f) (ref null (shared func))) (result (ref null (shared any))))))
  (type $s (shared (struct (field i8) (field (mut v128)) (field (ref null $g)))))
  (type $a (shared (array (mut (ref null $s))))))
;;; SETV-08
(assert_invalid
  (module (type (shared (func (param funcref)))))
  "must contain shared types")
;;; SETV-08
(assert_invalid
  (module (type (shared (func (result externref)))))
  "must contain shared types")
;;; SETV-08
(assert_invalid
  (module (type (shared (struct (field anyref)))))
  "must contain shared types")
;;; SETV-08
(assert_invalid
  (module (type (shared (array (ref null func)))))
  "must contain shared types")
;;; SETV-08
(assert_invalid
  (module
    (type $u (func))
    (type (shared (func (param (ref null $u))))))
  "must contain shared types")

;; Globals.
;;; SETV-09
(assert_invalid
  (module (global (shared funcref) (ref.null func)))
  "must have a shared value type")
;;; SETV-09
(assert_invalid
  (module (global (shared mut externref) (ref.null extern)))
  "must have a shared value type")
;;; SETV-09
(assert_invalid
  (module (global (import "" "") (shared anyref)))
  "must have a shared value type")
;;; SETV-09
(assert_invalid
  (module
    (type $u (func))
    (global (shared (ref null $u)) (ref.null $u)))
  "must have a shared value type")
(module definition
  (type $f (shared (func)))
  (func $f (type $f))
  (global (shared i32) (i32.const 0))
  (global (shared mut i64) (i64.const 0))
  (global (shared f32) (f32.const 0))
  (global (shared mut f64) (f64.const 0))
  (global (shared mut v128) (v128.const i64x2 0 0))
  (global (shared (ref null (shared func))) (ref.func $f))
  (global (shared mut (ref null $f)) (ref.null $f))
  (global (shared mut (ref $f)) (ref.func $f)))
;;; SETV-24
(assert_invalid
  (module
    (global $u i32 (i32.const 0))
    (global (shared i32) (global.get $u)))
  "SETV-24")
;;; SETV-24
(assert_invalid
  (module
    (global $u (import "" "") i64)
    (global (shared mut i64) (i64.add (global.get $u) (i64.const 1))))
  "SETV-24")
;;; SETV-24
(assert_invalid
  (module
    (type $f (shared (func)))
    (global $u (import "" "") (ref null $f))
    (table shared 1 (ref null $f) (global.get $u)))
  "SETV-24")
;;; SETV-24
(assert_invalid
  (module
    (type $f (shared (func)))
    (global $u (ref null $f) (ref.null $f))
    (table shared 1 (ref null $f))
    (elem (ref null $f) (global.get $u)))
  "SETV-24")
;;; SETV-24
(assert_invalid
  (module
    (type $f (shared (func)))
    (global $u (import "" "") (ref null $f))
    (table $t shared 2 (ref null $f))
    (elem (table $t) (i32.const 0) (ref null $f) (ref.null $f) (global.get $u)))
  "SETV-24")
;; The table is not shared, and nothing else is filled.
(module definition
  (type $f (shared (func)))
  (global $u (import "" "") (ref null $f))
  (table $t 1 (ref null $f))
  (elem (table $t) (i32.const 0) (ref null $f) (global.get $u))
  (elem declare (ref null $f) (global.get $u)))
(module definition
  (type $f (shared (func)))
  (global $i (import "" "") (shared i64))
  (global $r (import "" "") (shared (ref null $f)))
  (global $s (shared i32) (i32.const 0))
  (global (shared i32) (global.get $s))
  (global (shared mut i64) (i64.add (global.get $i) (i64.const 1)))
  (global i32 (global.get $s))
  (table shared 1 (ref null $f) (global.get $r))
  (elem (ref null $f) (global.get $r)))

;; Tables.
;;; SETV-10
(assert_invalid
  (module (table shared 1 funcref))
  "must have a shared element type")
;;; SETV-10
(assert_invalid
  (module (table shared 1 10 externref))
  "must have a shared element type")
;;; SETV-10
(assert_invalid
  (module (table (import "" "") shared 1 anyref))
  "must have a shared element type")
;;; SETV-10
(assert_invalid
  (module
    (type $u (func))
    (table shared 1 (ref null $u)))
  "must have a shared element type")
;; A maximum is not needed.
;;; SETV-10 SETB-08
(module definition
  (type $f (shared (func)))
  (func $f (type $f))
  (table shared 1 (ref null (shared func)))
  (table shared 1 10 (ref null $f))
  (table shared i64 1 (ref null (shared func)))
  (table shared 1 (ref $f) (ref.func $f))
  (table 1 (ref null (shared func))))

;; Shared and unshared types never match.
;;; SETV-11
(assert_invalid
  (module
    (type $u (sub (func)))
    (type $f (sub $u (shared (func)))))
  "sub type")
;;; SETV-11
(assert_invalid
  (module
    (type $f (sub (shared (func))))
    (type $u (sub $f (func))))
  "sub type")
(module definition
  (type $f (sub (shared (func))))
  (type $g (sub $f (shared (func))))
  (type $u (sub (func)))
  (type $v (sub $u (func))))
;;; SETV-11
(assert_invalid
  (module
    (func (param (ref null (shared func))) (result funcref) (local.get 0)))
  "type mismatch")
;;; SETV-11
(assert_invalid
  (module
    (func (param funcref) (result (ref null (shared func))) (local.get 0)))
  "type mismatch")
;;; SETV-11
(assert_invalid
  (module
    (func (result (ref null (shared any))) (ref.null any)))
  "type mismatch")
(module definition
  (type $f (shared (func)))
  (func (param (ref null $f)) (result (ref null (shared func))) (local.get 0))
  (func (param (ref null (shared i31))) (result (ref null (shared eq))) (local.get 0))
  (func (result (ref null $f)) (ref.null (shared nofunc))))

;; Calls through a shared table.
;;; SETV-12
(module definition
  (type $u (func))
  (type $f (shared (func (param i32) (result i64))))
  (table $t shared 1 (ref null (shared func)))
  (table $typed shared 1 (ref null $f))
  (func (type $u) (drop (call_indirect $t (type $f) (i32.const 1) (i32.const 0))))
  (func (type $f) (return_call_indirect $t (type $f) (i32.const 1) (i32.const 0)))
  (func (type $u) (drop (call_indirect $typed (type $f) (i32.const 1) (i32.const 0)))))
;;; SETV-12
(assert_invalid
  (module
    (type $f (shared (func)))
    (table $t shared 1 (ref null (shared extern)))
    (func (type $f) (call_indirect $t (type $f) (i32.const 0))))
  "type mismatch")
;;; SETV-12
(assert_invalid
  (module
    (type $u (func))
    (type $f (shared (func)))
    (table $t shared 1 (ref null (shared func)))
    (func (type $f) (call_indirect $t (type $u) (i32.const 0))))
  "SETV-02")

;; Element segments for a shared table hold shared references, and so are written as expressions.
;;; SETV-13
(module definition
  (type $f (shared (func)))
  (func $f (type $f))
  (table $t shared 3 (ref null (shared func)))
  (elem (table $t) (i32.const 0) (ref null (shared func)) (ref.func $f) (ref.null (shared func)))
  (elem (table $t) (i32.const 2) (ref $f) (ref.func $f)))
;;; SETV-13
(assert_invalid
  (module
    (type $f (shared (func)))
    (func $f (type $f))
    (table $t shared 1 (ref null (shared func)))
    (elem (table $t) (i32.const 0) funcref (ref.null func)))
  "type")
;;; SETV-13
(assert_invalid
  (module
    (type $u (func))
    (func $f (type $u))
    (table $t shared 1 (ref null (shared func)))
    (elem (table $t) (i32.const 0) (ref null (shared func)) (ref.func $f)))
  "type")
