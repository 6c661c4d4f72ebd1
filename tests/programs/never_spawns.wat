;; Imports thread-spawn and has no wasi_thread_start, as a program that links a threads library and may never spawn. The
;; spawn fails with a negative number, and the program goes on.
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (func (export "_start")
    (if (i32.ge_s (call $spawn (i32.const 0)) (i32.const 0)) (then (call $proc_exit (i32.const 1))))
    (call $proc_exit (i32.const 3))))
