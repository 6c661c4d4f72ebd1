;; A library whose world has imports alone: its functions of numbers are exported as without a world.
(module
  (import "env" "memory" (memory 1 16384 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "$root" "answer" (func $answer (result i32)))
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
  (func (export "double_answer") (result i32)
    (drop (call $spawn (i32.const 0)))
    (i32.mul (call $answer) (i32.const 2))))
