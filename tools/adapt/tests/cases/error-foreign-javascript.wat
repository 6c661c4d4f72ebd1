;; Strings of JavaScript, as compilers of garbage-collected languages import them.
(module
  (import "wasm:js-string" "length" (func (param i32) (result i32))))
