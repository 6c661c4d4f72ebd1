;; Threads, and no memory.
(module
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
)
