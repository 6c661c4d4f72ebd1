;; Imports functions that only an embedder could supply, from two modules.
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "env" "open_window" (func (param i32)))
  (import "env" "close_window" (func))
  (import "audioOut" "play" (func (param f64) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
  (func (export "_start")))
