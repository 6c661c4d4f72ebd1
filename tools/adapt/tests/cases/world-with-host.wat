;; A library of a world without threads that imports a core module, too, so wit-component alone cannot make its component.
(module
  (import "$root" "log" (func $log (param i32 i32)))
  (import "my_host" "count" (func $count (result i32)))
  (memory (export "memory") 1)
  (func (export "double") (param i32) (result i32)
    (call $log (i32.const 0) (call $count))
    (i32.mul (local.get 0) (i32.const 2))))
