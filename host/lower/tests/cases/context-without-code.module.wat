(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (export "0:0" (func $"weft:context-i32-0 get"))
  (export "weft:initialize" (func $weft:initialize))
  (func $"weft:context-i32-0 get" (;0;) (type 1) (result i32)
    global.get 0
  )
  (func $weft:initialize (;1;) (type 2))
)
