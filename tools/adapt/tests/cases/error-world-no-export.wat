;; An export of the world is missing.
(module
  (import "env" "memory" (memory 1 16384 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (func (export "wasi_thread_start") (param i32 i32) (drop (call $spawn (i32.const 0))))
  (func (export "triple") (param i32) (result i32) (i32.const 0)))
