;; A 64-bit memory.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (memory i64 1))
