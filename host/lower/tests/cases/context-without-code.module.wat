(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i64)))
  (type (;3;) (func))
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func $"weft:lift 0" (;0;) (type 2) (result i64)
    global.get 0
    i64.extend_i32_u
  )
  (func $weft:initialize (;1;) (type 3))
)
