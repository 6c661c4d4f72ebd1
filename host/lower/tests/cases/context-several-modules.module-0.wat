(module $none
  (type (;0;) (func (result i32)))
  (global (;0;) i32 i32.const 5)
  (export "g" (global 0))
  (export "f" (func 0))
  (func (;0;) (type 0) (result i32)
    i32.const 1
  )
)
