;; Two shared memories, both of which are called `memory`.
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (import "a" "memory" (memory 1 1 shared))
  (import "b" "memory" (memory 1 1 shared)))
