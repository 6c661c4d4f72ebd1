;; The table that threads are started from, whose elements have an initial value.
(module
  (import "$root" "[thread-spawn-indirect]" (func (param i32 i32) (result i32)))
  (func $f)
  (table 1 funcref (ref.func $f)))
