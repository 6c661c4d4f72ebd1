;; A program for Wasmer.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
  (import "wasix_32v1" "thread_spawn_v2" (func (param i32 i32) (result i32)))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")))
