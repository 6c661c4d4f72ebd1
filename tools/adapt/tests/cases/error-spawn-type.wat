;; `thread-spawn` of another type.
(module
  (import "wasi" "thread-spawn" (func (param i32 i32) (result i32)))
  (memory 1 1 shared))
