;; Two shared memories, and neither is exported: which of them WASI is to use cannot be known.
(module
  (import "env" "first" (memory 1 1 shared))
  (import "env" "second" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start")))
