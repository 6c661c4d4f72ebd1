;; A module before wasm-bindgen has seen it; afterwards the module is called `wbg`.
(module
  (import "__wbindgen_placeholder__" "__wbindgen_throw" (func (param i32 i32)))
  (memory (export "memory") 1))
