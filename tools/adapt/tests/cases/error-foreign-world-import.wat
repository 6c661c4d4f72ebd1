;; A function that a WIT world itself imports.
(module
  (import "$root" "log" (func (param i32 i32)))
  (memory (export "memory") 1))
