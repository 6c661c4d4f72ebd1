;; Threads without a memory for their stacks.
(module
  (import "weft:threads/threads@0.1.0" "spawn-indirect" (func (param i32 i32) (result i32)))
  (table 1 1 funcref))
