;; A table whose elements have an initial value.
(module
  (func $f)
  (table 1 (ref func) (ref.func $f)))
