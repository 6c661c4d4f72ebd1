;;! shared-everything = true
;; A suspended thread is not ready, so it is not promoted.

(component
  (core module $table (table (export "t") 4 funcref))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table "t")))
  (core func $yield-then-promote (canon thread.yield-then-promote))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "yield-then-promote" (func $yield-then-promote (param i32) (result i32)))
    (global $seen (mut i32) (i32.const 0))
    (func $see (param i32) (global.set $seen (local.get 0)))
    (elem (i32.const 0) func $see)
    (func (export "promote") (result i32)
      (drop (call $yield-then-promote (call $new (i32.const 0) (i32.const 7))))
      (global.get $seen)))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "new" (func $new))
    (export "yield-then-promote" (func $yield-then-promote))))))
  (func (export "promote") async (result u32) (canon lift (core func $main "promote"))))

(assert_return (invoke "promote") (u32.const 0))
