;; Code for a dynamic library whose custom section is gone: the dynamic linker fills `GOT.mem`.
(module
  (import "env" "memory" (memory 1))
  (import "GOT.mem" "counter" (global (mut i32)))
  (func (export "work")))
