;; A world exports `run`, so `_start` is not exported.
(module
  (import "env" "memory" (memory 1 16384 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start"))
  (func (export "wasi:cli/run@0.2.6#run") (result i32) (call $spawn (i32.const 0))))
