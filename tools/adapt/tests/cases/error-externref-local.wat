;; A local that is a host reference.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (func (local externref)))
