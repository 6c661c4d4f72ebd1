;; A built-in with wit-component's mark for one that can be cancelled.
(module
  (import "$root" "[cancellable][thread-yield]" (func (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")))
