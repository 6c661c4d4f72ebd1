(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i64)))
  (type (;3;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load
  )
  (func $"weft:lift 0" (;1;) (type 2) (result i64)
    call 0
    i64.extend_i32_u
  )
  (func $weft:initialize (;2;) (type 3))
)
