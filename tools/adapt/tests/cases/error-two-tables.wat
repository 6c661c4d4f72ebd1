;; Two tables, neither of which is exported.
(module
  (import "$root" "[thread-spawn-indirect]" (func (param i32 i32) (result i32)))
  (table 1 funcref)
  (table 1 funcref))
