;; `wasi_thread_start` without an import of `thread-spawn`: nobody can call it.
(module
  (memory (export "memory") 1 1 shared)
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start")))
