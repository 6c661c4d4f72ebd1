;;! shared-everything = true
;; A thread that waits for an event is not ready before it comes, so promoting it is to yield.

(component
  (core module $table (table (export "t") 4 funcref) (memory (export "memory") 1))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table "t")))
  (core func $yield-then-resume (canon thread.yield-then-resume))
  (core func $yield-then-promote (canon thread.yield-then-promote))
  (core func $set-new (canon waitable-set.new))
  (core func $wait (canon waitable-set.wait (memory (core memory $table "memory"))))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "yield-then-resume" (func $yield-then-resume (param i32) (result i32)))
    (import "" "yield-then-promote" (func $yield-then-promote (param i32) (result i32)))
    (import "" "set-new" (func $set-new (result i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (func $begin-to-wait (param i32) (drop (call $wait (call $set-new) (i32.const 0))))
    (elem (i32.const 0) func $begin-to-wait)
    (func (export "promote") (result i32)
      (local $thread i32)
      (local.set $thread (call $new (i32.const 0) (i32.const 0)))
      (drop (call $yield-then-resume (local.get $thread)))
      (call $yield-then-promote (local.get $thread))))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "new" (func $new))
    (export "yield-then-resume" (func $yield-then-resume))
    (export "yield-then-promote" (func $yield-then-promote))
    (export "set-new" (func $set-new))
    (export "wait" (func $wait))))))
  (func (export "promote") async (result u32) (canon lift (core func $main "promote"))))

(assert_return (invoke "promote") (u32.const 0))
