;; A function of a WIT interface that the world exports.
(module
  (memory (export "memory") 1)
  (func (export "wasi:cli/run@0.2.0#run") (result i32) (i32.const 0)))
