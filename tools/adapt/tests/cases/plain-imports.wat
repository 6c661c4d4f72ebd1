;; Imported memories and tables are defined in the component, before those that the module defines. A function that is imported
;; twice comes from one export.
(module
  (import "env" "memory" (memory $memory 1))
  (import "env" "now" (func $now (result i64)))
  (import "env" "table" (table $imported 3 funcref))
  (import "env" "now" (func $again (result i64)))
  (import "env" "now#2" (func $other (result i32)))
  (import "env" "scale" (global $scale f64))
  (memory $second 2)
  (table $own 1 externref)
  (elem (table $imported) (i32.const 0) func $again)
  (func (export "elapsed") (result i64)
    (i64.sub (call $again) (call $now)))
  (func (export "size") (result i32)
    (i32.add (memory.size $second) (i32.add (table.size $imported) (table.size $own)))))
