;; Without host modules, memories and tables are all defined by the module itself. Shared memories stay so.
(module
  (import "env" "memory" (memory $memory 1 1 shared))
  (import "env" "table" (table $imported 3 externref))
  (memory $second 2)
  (table $own 1 funcref)
  (func (export "size") (result i32)
    (drop (memory.atomic.notify $memory (i32.const 0) (i32.const 1)))
    (i32.add (memory.size $second) (table.size $imported))))
