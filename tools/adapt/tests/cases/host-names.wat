;; Names that look as if a foreign toolchain had given them, and that an embedder may supply.
(module
  (import "env" "abort" (func (param i32 i32 i32 i32)))
  (import "env" "emscripten_notify_memory_growth" (func (param i32)))
  (import "env" "invoke_callback" (func (param i32)))
  (import "a" "a" (func (param i32)))
  (import "extism:host/env" "length" (func (result i32)))
  (memory (export "memory") 1)
  (func (export "add_numbers") (param i32 i32) (result i32) (i32.const 0)))
