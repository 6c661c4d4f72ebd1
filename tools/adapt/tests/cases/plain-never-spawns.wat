;; A module that imports `wasi.thread-spawn` and cannot call it has no threads: it may have what threads cannot share.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1 1 shared)
  (global $last (mut externref) (ref.null extern))
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start") (global.set $last (ref.null extern)) (call $exit (i32.const 0))))
