;; `wasi_thread_start` of another type.
(module
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
  (memory 1 1 shared)
  (func (export "wasi_thread_start") (param i32)))
