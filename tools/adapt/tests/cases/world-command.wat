;; A command with threads whose world only has an import. `_start` is the command's `run`.
(module
  (import "env" "memory" (memory 1 16384 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "$root" "answer" (func $answer (result i32)))
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start") (drop (call $spawn (call $answer)))))
