;; A program with wasi-libc's threads that was linked without `--max-memory`: there is no room for the stack of a thread.
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (func $__wasi_thread_start_C (param i32 i32))
  (func (export "wasi_thread_start") (param i32 i32) (call $__wasi_thread_start_C (local.get 0) (local.get 1)))
  (func (export "_start")
    (if (i32.ne (memory.grow (i32.const 2)) (i32.const -1)) (then (drop (call $spawn (i32.const 0)))))))
