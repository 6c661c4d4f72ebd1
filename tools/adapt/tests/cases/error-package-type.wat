;; A function of the package `weft:threads` with another type.
(module
  (import "weft:threads/threads@0.1.0" "spawn-indirect" (func (param i32) (result i32)))
  (memory 1 1 shared))
