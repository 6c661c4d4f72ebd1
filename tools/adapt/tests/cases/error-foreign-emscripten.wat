;; Emscripten's functions, imported under their full names.
(module
  (import "env" "napi_create_object" (func (param i32) (result i32)))
  (import "env" "_emscripten_memcpy_js" (func (param i32 i32 i32)))
  (memory (export "memory") 1))
