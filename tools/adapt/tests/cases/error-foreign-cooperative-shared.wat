;; Cooperative threads, whose stack pointer is in a context slot, and a memory that only parallel threads need.
(module
  (import "env" "__wasm_get_stack_pointer" (func (result i32)))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")))
