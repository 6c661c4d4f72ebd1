;;! shared-everything = true
;; The thread that runs is not ready, so promoting it is to yield.

(component
  (core module $table (table (export "t") 4 funcref))
  (core instance $table (instantiate $table))
  (core func $index (canon thread.index))
  (core func $yield-then-promote (canon thread.yield-then-promote))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "index" (func $index (result i32)))
    (import "" "yield-then-promote" (func $yield-then-promote (param i32) (result i32)))
    (func (export "promote") (result i32) (call $yield-then-promote (call $index))))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "index" (func $index))
    (export "yield-then-promote" (func $yield-then-promote))))))
  (func (export "promote") async (result u32) (canon lift (core func $main "promote"))))

(assert_return (invoke "promote") (u32.const 0))
