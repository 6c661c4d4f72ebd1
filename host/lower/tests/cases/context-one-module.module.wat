(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (param i32)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func (param i32)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (result i64)))
  (type (;8;) (func))
  (global (;0;) i32 i32.const 11)
  (global (;1;) (mut i32) i32.const 12)
  (global (;2;) (mut i32) i32.const 0)
  (global (;3;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 2))
  (export "weft:context-i32-1" (global 3))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func $a (;0;) (type 0) (result i32)
    i32.const 10
  )
  (func $b (;1;) (type 1) (param i32))
  (func $defined (;2;) (type 4) (result i32)
    global.get 1
  )
  (func (;3;) (type 4) (result i32)
    call $a
    global.set 2
    global.get 0
    global.set 3
    global.get 3
    call $b
    global.get 2
    global.set 1
    call $defined
  )
  (func $"weft:lift 0" (;4;) (type 7) (result i64)
    call 3
    i64.extend_i32_u
  )
  (func $weft:initialize (;5;) (type 8))
)
