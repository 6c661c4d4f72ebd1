;; A global that is a host reference.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (global externref (ref.null extern)))
