;; Two shared memories, neither of which is called `memory`.
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (memory 1 1 shared)
  (memory 1 1 shared))
