;; `thread-spawn` without `wasi_thread_start`: a negative value, always. The old name of WASI's module.
(module
  (import "foo" "bar" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_unstable" "proc_exit" (func $exit (param i32)))
  (func (export "_start") (call $exit (call $spawn (i32.const 0)))))
