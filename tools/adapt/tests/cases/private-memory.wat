;; A memory that is neither imported nor exported, without a maximum. Passive and active data.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (memory 2)
  (data $active (i32.const 8) "a")
  (data $passive "b")
  (func (export "_start")
    (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 1))
    (data.drop $passive)
    (drop (memory.grow (memory.size)))))
