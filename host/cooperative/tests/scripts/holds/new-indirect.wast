;;! shared-everything = true
;; A new thread is suspended until it is resumed, gets its argument, and ends when its function returns.

(component definition $C
  (core module $table (table (export "t") 4 funcref))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table "t")))
  (core func $index (canon thread.index))
  (core func $yield (canon thread.yield))
  (core func $yield-then-resume (canon thread.yield-then-resume))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "index" (func $index (result i32)))
    (import "" "yield" (func $yield (result i32)))
    (import "" "yield-then-resume" (func $yield-then-resume (param i32) (result i32)))
    (global $seen (mut i32) (i32.const 0))
    (func $see (param i32) (global.set $seen (local.get 0)))
    (func $see-index (param i32) (global.set $seen (call $index)))
    (func $of-another-type)
    (elem (i32.const 0) func $see $see-index $of-another-type)

    (func (export "argument") (result i32)
      (drop (call $yield-then-resume (call $new (i32.const 0) (i32.const 7))))
      (global.get $seen))
    (func (export "own-index") (result i32)
      (local $thread i32)
      (local.set $thread (call $new (i32.const 1) (i32.const 0)))
      (drop (call $yield-then-resume (local.get $thread)))
      (i32.eq (global.get $seen) (local.get $thread)))
    (func (export "suspended") (result i32)
      (global.set $seen (i32.const 0))
      (drop (call $new (i32.const 0) (i32.const 7)))
      (drop (call $yield))
      (drop (call $yield))
      (global.get $seen))
    (func (export "table-write") (result i32)
      (local $thread i32)
      (local.set $thread (call $new (i32.const 0) (i32.const 8)))
      (table.set (i32.const 0) (ref.null func))
      (drop (call $yield-then-resume (local.get $thread)))
      (global.get $seen))
    (func (export "new") (param i32) (result i32) (call $new (local.get 0) (i32.const 0))))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "new" (func $new))
    (export "index" (func $index))
    (export "yield" (func $yield))
    (export "yield-then-resume" (func $yield-then-resume))))))
  (func (export "argument") async (result u32) (canon lift (core func $main "argument")))
  (func (export "own-index") async (result u32) (canon lift (core func $main "own-index")))
  (func (export "suspended") async (result u32) (canon lift (core func $main "suspended")))
  (func (export "argument-sync") (result u32) (canon lift (core func $main "argument")))
  (func (export "table-write") async (result u32) (canon lift (core func $main "table-write")))
  (func (export "new") (param "entry" u32) (result u32) (canon lift (core func $main "new"))))

(component instance $C $C)
;;; NEW-14 NEW-15
(assert_return (invoke "argument") (u32.const 7))
;;; NEW-16
(assert_return (invoke "argument-sync") (u32.const 7))
;;; NEW-13 IDX-02
(assert_return (invoke "own-index") (u32.const 1))
;;; NEW-12
(assert_return (invoke "suspended") (u32.const 0))
;;; SPAWN-IND-23
(assert_return (invoke "table-write") (u32.const 8))

(component instance $C $C)
;;; NEW-08
(assert_trap (invoke "new" (u32.const 4)) "out of bounds")
(component instance $C $C)
(assert_trap (invoke "new" (u32.const 4294967295)) "out of bounds")
(component instance $C $C)
;;; NEW-09
(assert_trap (invoke "new" (u32.const 3)) "uninitialized")
(component instance $C $C)
;;; NEW-10
(assert_trap (invoke "new" (u32.const 2)) "does not match")
