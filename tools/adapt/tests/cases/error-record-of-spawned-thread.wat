;; A per-thread record, and threads that have none.
(module
  (import "$root" "[thread-spawn-indirect]" (func (param i32 i32) (result i32)))
  (table 1 funcref)
  (global (mut i32) (i32.const 0))
  (global (mut i32) (i32.const 0))
  (global (mut i32) (i32.const 0)))
