;; A module with cooperative threads that imports preview 1, and no adapter.
(module
  (import "env" "__wasm_get_tls_base" (func (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (memory (export "memory") 1)
  (func (export "answer") (result i32) (i32.const 0)))
