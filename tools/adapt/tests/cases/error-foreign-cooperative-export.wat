;; What wasm-component-ld would have called at the start of each task.
(module
  (memory (export "memory") 1)
  (func (export "__wasm_init_task"))
  (func (export "_start")))
