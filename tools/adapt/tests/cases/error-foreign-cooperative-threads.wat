;; A built-in of cooperative threads, as wit-component names it.
(module
  (import "$root" "[thread-new-indirect-v0]" (func (param i32 i32) (result i32)))
  (import "$root" "[thread-resume-later]" (func (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")))
