;; A library with threads of wasi-libc that nothing initialises: a `cdylib` of Rust, or C without `-mexec-model=reactor`.
(module
  (import "env" "memory" (memory 1 16384 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (func $__wasi_thread_start_C (param i32 i32))
  (func (export "wasi_thread_start") (param i32 i32) (call $__wasi_thread_start_C (local.get 0) (local.get 1)))
  (func (export "work") (result i32) (call $spawn (i32.const 0))))
