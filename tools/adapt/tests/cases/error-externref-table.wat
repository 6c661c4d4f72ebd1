;; A table of host references.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (table 1 externref))
