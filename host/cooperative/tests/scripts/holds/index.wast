;;! shared-everything = true
;; Indices begin with 1, are a component instance's own, and are given out again after their threads have ended.

(component definition $C
  (core module $table (table (export "t") 4 funcref))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table "t")))
  (core func $index (canon thread.index))
  (core func $yield-then-resume (canon thread.yield-then-resume))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "index" (func $index (result i32)))
    (import "" "yield-then-resume" (func $yield-then-resume (param i32) (result i32)))
    (func $end (param i32))
    (elem (i32.const 0) func $end)
    (func $new-one (result i32) (call $new (i32.const 0) (i32.const 0)))
    (func $run (param i32) (drop (call $yield-then-resume (local.get 0))))

    (func (export "index") (result i32) (call $index))
    (func (export "one-after-the-other") (result i32)
      (local $first i32)
      (local.set $first (call $new-one))
      (call $run (local.get $first))
      (i32.add (i32.mul (local.get $first) (i32.const 10)) (call $new-one)))
    (func (export "both") (result i32)
      (i32.add (i32.mul (call $new-one) (i32.const 10)) (call $new-one)))
    (func (export "last-freed-first") (result i32)
      (local $first i32) (local $second i32)
      (local.set $first (call $new-one))
      (local.set $second (call $new-one))
      (call $run (local.get $second))
      (call $run (local.get $first))
      (i32.add (i32.mul (call $new-one) (i32.const 10)) (call $new-one)))
    (func (export "left-suspended") (result i32) (call $new-one)))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "new" (func $new))
    (export "index" (func $index))
    (export "yield-then-resume" (func $yield-then-resume))))))
  (func (export "index") async (result u32) (canon lift (core func $main "index")))
  (func (export "one-after-the-other") async (result u32) (canon lift (core func $main "one-after-the-other")))
  (func (export "both") async (result u32) (canon lift (core func $main "both")))
  (func (export "last-freed-first") async (result u32) (canon lift (core func $main "last-freed-first")))
  (func (export "left-suspended") async (result u32) (canon lift (core func $main "left-suspended"))))

(component instance $C $C)
;;; IDX-05 IDX-06 IDX-02
(assert_return (invoke "index") (u32.const 1))
;;; IDX-12
(assert_return (invoke "index") (u32.const 1))
(assert_return (invoke "one-after-the-other") (u32.const 22))
(component instance $C $C)
;;; NEW-13
(assert_return (invoke "both") (u32.const 23))
(component instance $C $C)
;;; IDX-07
(assert_return (invoke "last-freed-first") (u32.const 23))
(component instance $C $C)
;;; IDX-13
(assert_return (invoke "left-suspended") (u32.const 2))
(assert_return (invoke "left-suspended") (u32.const 3))
(assert_return (invoke "index") (u32.const 1))
