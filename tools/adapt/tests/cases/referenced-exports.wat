;; References to functions that nothing but an export declares.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (memory (export "memory") 1 1 shared)
  (func $main (export "_start") (drop (ref.func $main)) (drop (ref.func $spawn)) (drop (ref.func $start)))
  (export "spawn" (func $spawn))
  (func $start (export "wasi_thread_start") (param i32 i32)))
