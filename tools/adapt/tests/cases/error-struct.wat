;; A struct type.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (type (struct)))
