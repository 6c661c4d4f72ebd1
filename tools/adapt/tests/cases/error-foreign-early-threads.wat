;; The import as a draft of wasi-threads has it.
(module
  (import "wasi" "thread_spawn" (func (param i32) (result i32)))
  (memory (export "memory") 1 1 shared)
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start")))
