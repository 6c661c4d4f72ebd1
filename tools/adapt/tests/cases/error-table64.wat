;; A 64-bit table.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (memory 1) (table i64 1 funcref))
