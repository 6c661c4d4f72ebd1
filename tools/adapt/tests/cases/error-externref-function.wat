;; A function of host references.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (func (param externref)))
