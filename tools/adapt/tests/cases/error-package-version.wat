;; A version of the package `weft:threads` that does not exist yet.
(module
  (import "weft:threads/threads@1.0.0" "index" (func (result i32)))
  (memory 1))
