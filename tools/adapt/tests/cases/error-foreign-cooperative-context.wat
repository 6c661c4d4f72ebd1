;; Where LLVM's code for wasm32-wasip3 has its stack pointer. The WIT world, which such a module has too, says less.
(module
  (import "env" "__wasm_get_stack_pointer" (func (result i32)))
  (memory (export "memory") 1)
  (func (export "_start"))
  (@custom "component-type:program" "\00"))
