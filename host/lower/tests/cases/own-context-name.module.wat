(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (func (;0;) (type 1))
)
