;; A module with threads whose bindings have the ABI of async functions.
(module
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
  (memory (export "memory") 1 16 shared)
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "[async-lift]later") (result i32) (i32.const 0))
  (func (export "[callback][async-lift]later") (param i32 i32 i32) (result i32) (i32.const 0)))
