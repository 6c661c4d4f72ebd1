;; Shared tables: what each access does, that all threads see it, and that growth which races with readers is safe.
;;! shared-everything = true

(module $Tables
  (type (func (result i32)))
  (type $f (shared (func (result i32))))
  (table $t (export "table") shared 4 10 (ref null (shared func)))
  (table $typed shared 2 (ref null $f))
  (table $full shared 3 5 (ref $f) (ref.func $three))
  (elem $passive (ref null (shared func)) (ref.func $one) (ref.func $two) (ref.null (shared func)))
  (elem (table $t) (i32.const 0) (ref null (shared func)) (ref.func $one) (ref.func $two))
  (func $one (type $f) (result i32) (i32.const 1))
  (func $two (type $f) (result i32) (i32.const 2))
  (func $three (type $f) (result i32) (i32.const 3))
  (elem declare (ref null $f) (ref.func $three))

  (func (export "call") (param i32) (result i32) (call_indirect $t (type $f) (local.get 0)))
  (func (export "call-ref") (param i32) (result i32)
    (call_ref $f (ref.cast (ref null $f) (table.get $t (local.get 0)))))
  (func (export "call-typed") (param i32) (result i32) (call_indirect $typed (type $f) (local.get 0)))
  (func (export "call-full") (param i32) (result i32) (call_ref $f (table.get $full (local.get 0))))
  (func (export "is-null") (param i32) (result i32) (ref.is_null (table.get $t (local.get 0))))
  (func (export "set-three") (param i32) (table.set $t (local.get 0) (ref.func $three)))
  (func (export "set-null") (param i32) (table.set $t (local.get 0) (ref.null (shared func))))
  (func (export "set-typed") (param i32) (table.set $typed (local.get 0) (ref.func $three)))
  (func (export "move") (param $to i32) (param $from i32)
    (table.set $t (local.get $to) (table.get $t (local.get $from))))
  (func (export "size") (result i32) (table.size $t))
  (func (export "grow") (param i32) (result i32) (table.grow $t (ref.func $three) (local.get 0)))
  (func (export "grow-full") (param i32) (result i32) (table.grow $full (ref.func $one) (local.get 0)))
  (func (export "fill") (param $at i32) (param $count i32)
    (table.fill $t (local.get $at) (ref.func $two) (local.get $count)))
  (func (export "copy") (param i32 i32 i32) (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy-typed") (param i32 i32 i32) (table.copy $t $typed (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (table.init $t $passive (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drop") (elem.drop $passive)))

;;; SETV-12 SETV-13
(assert_return (invoke "call" (i32.const 0)) (i32.const 1))
;;; SETV-12 SETV-13
(assert_return (invoke "call" (i32.const 1)) (i32.const 2))
;;; SETV-12
(assert_return (invoke "call-ref" (i32.const 1)) (i32.const 2))
;;; SETV-12
(assert_return (invoke "call-full" (i32.const 2)) (i32.const 3))
;;; SETV-12
(assert_trap (invoke "call" (i32.const 2)) "uninitialized element")
;;; SETV-12
(assert_trap (invoke "call" (i32.const 4)) "undefined element")
;;; SETV-12
(assert_trap (invoke "call-typed" (i32.const 0)) "uninitialized element")
;;; SETV-12
(assert_trap (invoke "call-ref" (i32.const 2)) "null")
;;; SETS-01
(assert_trap (invoke "is-null" (i32.const 4)) "out of bounds table access")
;;; SETS-01
(assert_trap (invoke "set-three" (i32.const 0xffffffff)) "out of bounds table access")
;;; SETS-01
(assert_return (invoke "is-null" (i32.const 1)) (i32.const 0))
;;; SETS-01
(assert_return (invoke "is-null" (i32.const 3)) (i32.const 1))

(assert_return (invoke "set-three" (i32.const 3)))
;;; SETS-01
(assert_return (invoke "call" (i32.const 3)) (i32.const 3))
(assert_return (invoke "move" (i32.const 2) (i32.const 3)))
;;; SETS-01
(assert_return (invoke "call" (i32.const 2)) (i32.const 3))
(assert_return (invoke "set-null" (i32.const 3)))
;;; SETS-01
(assert_trap (invoke "call" (i32.const 3)) "uninitialized element")
(assert_return (invoke "set-typed" (i32.const 1)))
;;; SETS-01
(assert_return (invoke "call-typed" (i32.const 1)) (i32.const 3))

;; The maximum holds, and what is new has the value given.
;;; SETS-01
(assert_return (invoke "size") (i32.const 4))
;;; SETS-01
(assert_return (invoke "grow" (i32.const 7)) (i32.const -1))
;;; SETS-01
(assert_return (invoke "grow" (i32.const 2)) (i32.const 4))
;;; SETS-01
(assert_return (invoke "size") (i32.const 6))
;;; SETS-01
(assert_return (invoke "call" (i32.const 5)) (i32.const 3))
;;; SETS-01
(assert_return (invoke "call" (i32.const 1)) (i32.const 2))
;;; SETS-01
(assert_return (invoke "grow" (i32.const 0)) (i32.const 6))
;;; SETS-01
(assert_return (invoke "grow-full" (i32.const 2)) (i32.const 3))
;;; SETS-01
(assert_return (invoke "call-full" (i32.const 4)) (i32.const 1))
;;; SETS-01
(assert_return (invoke "grow-full" (i32.const 1)) (i32.const -1))
;;; SETS-01
(assert_return (invoke "grow" (i32.const 0xffffffff)) (i32.const -1))

(assert_return (invoke "fill" (i32.const 4) (i32.const 2)))
;;; SETS-01
(assert_return (invoke "call" (i32.const 5)) (i32.const 2))
;;; SETS-01
(assert_trap (invoke "fill" (i32.const 5) (i32.const 2)) "out of bounds table access")
;;; SETS-01
(assert_return (invoke "fill" (i32.const 6) (i32.const 0)))
;; Copies of a table onto itself that overlap: 1 2 3 - 2 2, then 1 1 2 3 2 2, then 1 2 3 2 2 2.
(assert_return (invoke "copy" (i32.const 1) (i32.const 0) (i32.const 3)))
;;; SETS-01
(assert_return (invoke "call" (i32.const 3)) (i32.const 3))
;;; SETS-01
(assert_return (invoke "call" (i32.const 1)) (i32.const 1))
(assert_return (invoke "copy" (i32.const 1) (i32.const 2) (i32.const 3)))
;;; SETS-01
(assert_return (invoke "call" (i32.const 1)) (i32.const 2))
;;; SETS-01
(assert_return (invoke "call" (i32.const 3)) (i32.const 2))
;;; SETS-01
(assert_trap (invoke "copy" (i32.const 4) (i32.const 0) (i32.const 3)) "out of bounds table access")
(assert_return (invoke "copy-typed" (i32.const 0) (i32.const 0) (i32.const 2)))
;;; SETS-01
(assert_return (invoke "is-null" (i32.const 0)) (i32.const 1))
;;; SETS-01
(assert_return (invoke "call" (i32.const 1)) (i32.const 3))
(assert_return (invoke "init" (i32.const 1) (i32.const 0) (i32.const 3)))
;;; SETS-01
(assert_return (invoke "call" (i32.const 2)) (i32.const 2))
;;; SETS-01
(assert_return (invoke "is-null" (i32.const 3)) (i32.const 1))
;;; SETS-01
(assert_trap (invoke "init" (i32.const 0) (i32.const 2) (i32.const 2)) "out of bounds table access")
;;; SETS-01
(assert_trap (invoke "init" (i32.const 5) (i32.const 0) (i32.const 2)) "out of bounds table access")
(assert_return (invoke "drop"))
;;; SETS-01
(assert_trap (invoke "init" (i32.const 0) (i32.const 0) (i32.const 1)) "out of bounds table access")
;;; SETS-01
(assert_return (invoke "init" (i32.const 0) (i32.const 0) (i32.const 0)))

;; A table of another type does not match; one with 64-bit indices works as well.
(register "tables" $Tables)
;;; SETV-11
(assert_unlinkable
  (module (table (import "tables" "table") 1 (ref null (shared func))))
  "incompatible import type")
;;; SETB-08
(module
  (type $f (shared (func (result i32))))
  (table $imported (import "tables" "table") shared 1 (ref null (shared func)))
  (table $t shared i64 2 4 (ref null $f))
  (func $nine (type $f) (result i32) (i32.const 9))
  (elem (table $t) (i64.const 1) (ref null $f) (ref.func $nine))
  (func (export "call") (param i64) (result i32) (call_indirect $t (type $f) (local.get 0)))
  (func (export "grow") (param i64) (result i64) (table.grow $t (ref.func $nine) (local.get 0)))
  (func (export "size") (result i64) (table.size $t))
  (func (export "set") (param i32) (table.set $imported (local.get 0) (ref.func $nine)))
  (func (export "fill") (param i64 i64) (table.fill $t (local.get 0) (ref.func $nine) (local.get 1))))
(assert_return (invoke "call" (i64.const 1)) (i32.const 9))
(assert_trap (invoke "call" (i64.const 0x100000001)) "undefined element")
(assert_return (invoke "grow" (i64.const 2)) (i64.const 2))
(assert_return (invoke "size") (i64.const 4))
(assert_return (invoke "grow" (i64.const 0x100000000)) (i64.const -1))
(assert_trap (invoke "fill" (i64.const 0x100000000) (i64.const 1)) "out of bounds table access")
;; A function of one module in the table of another.
(assert_return (invoke "set" (i32.const 0)))
;;; SETV-12 SETS-01
(assert_return (invoke $Tables "call" (i32.const 0)) (i32.const 9))
