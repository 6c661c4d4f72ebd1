;; Imports of an embedder, a global among them; one function is imported twice. No memory: the host gets an empty one.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (import "env" "napi_create" (func $a (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (import "env" "napi_create" (func $b (param i32) (result i32)))
  (import "./glue.js" "version" (global $version i64))
  (func (export "_start") (drop (call $a (call $b (call $yield))))))
