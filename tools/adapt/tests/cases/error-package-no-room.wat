;; A memory that has no room for the stack of a thread, in a module without an allocator.
(module
  (import "env" "memory" (memory 2 3 shared))
  (import "weft:threads/threads@0.1.0" "spawn-indirect" (func $spawn (param i32 i32) (result i32)))
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (table 2 2 funcref)
  (elem (i32.const 1) func $work)
  (func $work (param i32) (drop (global.get $__stack_pointer)))
  (func (export "_start") (drop (call $spawn (i32.const 1) (i32.const 0)))))
