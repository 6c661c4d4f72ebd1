;; Nothing is shared but functions.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32))) (func (export "_start")))
