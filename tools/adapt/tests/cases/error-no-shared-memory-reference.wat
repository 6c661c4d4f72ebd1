;; A reference to the import that starts threads can be called.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (memory 1)
  (global funcref (ref.func $spawn)))
