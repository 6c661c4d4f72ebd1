(module $pass
  (type $read (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "get" (func $get))
  (export "weft:context-0" (global 0))
  (export "weft:context-1" (global 1))
  (func $get (;0;) (type 1) (result i32)
    global.get 0
  )
)
