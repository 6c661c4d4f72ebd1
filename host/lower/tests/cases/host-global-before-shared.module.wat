(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i64)))
  (type (;4;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "limit" (global (;0;) i32))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (param i32)
    (local i32)
    local.get 0
    local.set 1
    i32.const 0
    local.get 1
    i32.store
  )
  (func (;1;) (type 1) (result i32)
    global.get 0
  )
  (func $"weft:lift 0" (;2;) (type 3) (result i64)
    call 1
    i64.extend_i32_u
  )
  (func $weft:initialize (;3;) (type 4)
    i32.const 0
    i32.const 7
    i32.store
  )
)
