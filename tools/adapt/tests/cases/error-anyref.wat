;; A garbage-collected reference.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (func (drop (ref.null any))))
