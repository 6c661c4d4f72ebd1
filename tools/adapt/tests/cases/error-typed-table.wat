;; Threads by index of a typed table.
(module
  (type $f (func))
  (import "$root" "[thread-spawn-indirect]" (func (param i32 i32) (result i32)))
  (table 1 (ref null $f)))
