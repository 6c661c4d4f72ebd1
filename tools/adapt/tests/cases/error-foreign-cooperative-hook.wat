;; What a newer toolchain has called at the start of each task.
(module
  (memory (export "memory") 1)
  (func (export "__wasm_task_hook") (param i32))
  (func (export "_start")))
