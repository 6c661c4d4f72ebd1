;; Nothing is per thread, so functions are lifted as they are.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32))) (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
