(module
  (type (;0;) (func))
  (type (;1;) (func (param (ref 0)) (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func))
  (import "weft" "f" (func $f (;0;) (type 1)))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) declare func $t0)
  (elem (;1;) declare func $t0)
  (func $t0 (;1;) (type 0))
  (func (;2;) (type 2) (result i32)
    ref.func $t0
    call $f
  )
  (func $"weft:lift 0" (;3;) (type 4) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $weft:initialize (;4;) (type 5))
)
