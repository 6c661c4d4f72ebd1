;; A function of the package `weft:threads` that core modules cannot import.
(module
  (import "weft:threads/threads@0.1.0" "spawn-ref" (func (param i32) (result i32)))
  (memory 1 1 shared))
