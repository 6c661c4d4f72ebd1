;; The module of JavaScript that wasm-bindgen writes for bundlers.
(module
  (import "./app_bg.js" "__wbg_log_1d3ae0c9a1b2c3d4" (func (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "work")))
