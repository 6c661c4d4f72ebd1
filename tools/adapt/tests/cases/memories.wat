;; Several memories: WASI's is the one that is called `memory`.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (import "env" "other" (memory $other 1 2 shared))
  (memory $own (export "memory") 3 4 shared)
  (memory $unshared 1 1)
  (func (export "_start")
    (i32.store $own (i32.const 0) (i32.load $other (i32.const 0)))
    (memory.copy $unshared $own (i32.const 0) (i32.const 0) (i32.const 4))))
