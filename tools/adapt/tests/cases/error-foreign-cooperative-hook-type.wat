;; A hook of another type than weft knows.
(module
  (memory (export "memory") 1)
  (func (export "__wasm_task_hook") (param i64))
  (func (export "_start")))
