(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i64) (result i64)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i64)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func (result i64)))
  (type (;6;) (func))
  (import "weft" "thread.index" (func (;0;) (type 4)))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (export "weft:context-i32-1" (global 1))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:lift 2" (func $"weft:lift 2"))
  (export "weft:initialize" (func $weft:initialize))
  (func $"weft:lift 0" (;1;) (type 1) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    global.set 1
    i64.const 0
  )
  (func $"weft:lift 1" (;2;) (type 3) (result i64)
    global.get 0
    i64.extend_i32_u
  )
  (func $"weft:lift 2" (;3;) (type 5) (result i64)
    call 0
    i64.extend_i32_u
  )
  (func $weft:initialize (;4;) (type 6))
)
