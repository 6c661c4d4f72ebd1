;; A built-in that needs a WIT world.
(module
  (import "$root" "[waitable-set-new]" (func (result i32)))
  (memory (export "memory") 1))
