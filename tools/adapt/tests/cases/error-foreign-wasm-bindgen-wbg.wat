;; A module that wasm-bindgen has made.
(module
  (import "wbg" "__wbg_log_b103404cc5920657" (func (param i32 i32)))
  (memory (export "memory") 1))
