;; What Emscripten makes with `-O2`: names are shortened, but for those of modules.
(module
  (import "env" "a" (func (param i32)))
  (import "wasi_snapshot_preview1" "b" (func (param i32 i32 i32 i32) (result i32)))
  (memory (export "c") 1)
  (func (export "d") (param i32)))
