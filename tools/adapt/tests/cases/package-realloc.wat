;; Threads of the package `weft:threads` whose stacks come from the module's `cabi_realloc`.
(module
  (import "env" "memory" (memory 1 16384 shared))
  (import "weft:threads/threads@0.1.0" "spawn-indirect" (func $spawn (param i32 i32) (result i32)))
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (table 2 2 funcref)
  (elem (i32.const 1) func $work)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (i32.shl (memory.grow (i32.shr_u (local.get 3) (i32.const 16))) (i32.const 16)))
  (func $work (param i32) (drop (global.get $__stack_pointer)))
  (func (export "_start") (drop (call $spawn (i32.const 1) (i32.const 0)))))
