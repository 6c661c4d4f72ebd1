;; The import that starts threads can be called by way of a table.
(module
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
  (import "wasi" "thread-spawn" (func $second (param i32) (result i32)))
  (memory 1)
  (table 1 funcref)
  (elem (i32.const 0) func $second))
