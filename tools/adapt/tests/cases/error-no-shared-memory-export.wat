;; The embedder can call the import that starts threads.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "spawn" (func $spawn))
  (memory 1))
