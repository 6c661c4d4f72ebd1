;; A module that keeps a value of its own in a context slot, by the package `weft:threads` without a version.
(module
  (import "weft:threads/context" "get1" (func $get (result i32)))
  (import "weft:threads/context" "set1" (func $set (param i32)))
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (func (export "count") (result i32)
    (call $set (i32.add (call $get) (i32.const 1)))
    (i32.add (global.get $__stack_pointer) (call $get))))
