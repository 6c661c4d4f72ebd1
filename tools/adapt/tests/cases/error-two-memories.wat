;; Two memories, neither of which is called `memory`.
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (memory (export "a") 1)
  (memory (export "b") 1))
