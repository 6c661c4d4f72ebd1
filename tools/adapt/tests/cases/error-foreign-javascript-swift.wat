;; Swift's bindings to JavaScript.
(module
  (import "javascript_kit" "swjs_get_prop" (func (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "work")))
