;; Threads by table index, and no table.
(module
  (import "$root" "[thread-spawn-indirect]" (func (param i32 i32) (result i32))))
