;; A memory that has no room for another stack.
(module
  (import "env" "memory" (memory 2 3 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "$root" "title" (func $title (param i32)))
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
  (func (export "wasi_thread_start") (param i32 i32)
    (call $title (call $spawn (i32.const 0)))))
