;; A mutable global that is a reference.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (global (mut funcref) (ref.null func)))
