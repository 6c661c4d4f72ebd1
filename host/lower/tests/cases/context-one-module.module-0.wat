(module $host
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (global (;0;) i32 i32.const 11)
  (export "a" (func 0))
  (export "b" (func 1))
  (export "g" (global 0))
  (func (;0;) (type 0) (result i32)
    i32.const 10
  )
  (func (;1;) (type 1) (param i32))
)
