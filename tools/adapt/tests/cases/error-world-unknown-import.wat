;; An import that the world does not have.
(module
  (import "test:adapt/other" "f" (func))
  (import "env" "memory" (memory 1 16384 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (func (export "wasi_thread_start") (param i32 i32) (drop (call $spawn (i32.const 0))))
  (func (export "double") (param i32) (result i32) (i32.const 0)))
