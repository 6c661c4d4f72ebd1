;; A thread that starts with a function of a table that is not there.
(module
  (import "weft:threads/threads@0.1.0" "spawn-indirect" (func (param i32 i32) (result i32)))
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (memory 1 16 shared))
