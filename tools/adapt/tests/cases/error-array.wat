;; An array type.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (type (array i32)))
