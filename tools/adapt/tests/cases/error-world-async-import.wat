;; A module with threads whose bindings call an import by the ABI of async functions.
(module
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
  (import "$root" "[async-lower]slow" (func (param i32) (result i32)))
  (memory (export "memory") 1 16 shared)
  (func (export "wasi_thread_start") (param i32 i32)))
