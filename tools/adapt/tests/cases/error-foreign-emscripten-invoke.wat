;; The import through which Emscripten calls a function that may throw.
(module
  (import "env" "invoke_vii" (func (param i32 i32 i32)))
  (memory (export "memory") 1))
