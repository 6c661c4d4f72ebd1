;; A function of a WIT interface.
(module
  (import "wasi:io/streams@0.2.0" "[method]output-stream.check-write" (func (param i32 i32)))
  (memory (export "memory") 1))
