;; Exports of every kind: lifted, left out, and not functions.
(module
  (import "$root" "[thread-available-parallelism]" (func (result i32)))
  (memory (export "memory") 1)
  (table (export "__indirect_function_table") 1 funcref)
  (global $sp (mut i32) (i32.const 4096))
  (global (export "answer") i32 (i32.const 42))
  (func (export "_initialize"))
  (func (export "napi_register_module_v1") (param i32 i64) (result f64) (f64.const 0))
  (func (export "getItem") (param f32) (result i32) (global.get $sp))
  (func (export "vector") (param v128))
  (func (export "reference") (param funcref))
  (func (export "two") (result i32 i32) (i32.const 1) (i32.const 2))
  (func (export "many") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
