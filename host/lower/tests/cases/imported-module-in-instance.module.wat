(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i64) (result i64)))
  (type (;3;) (func))
  (import "weft" "f" (func $f (;0;) (type 0)))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;1;) (type 0) (param i32)
    local.get 0
    call $f
  )
  (func $"weft:lift 0" (;2;) (type 2) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 1
    i64.const 0
  )
  (func $weft:initialize (;3;) (type 3))
)
