(module
  (type (;0;) (func (param i32 f64) (result i64)))
  (type (;1;) (func (param i64 i64) (result i64)))
  (type (;2;) (func))
  (import "weft" "f" (func (;0;) (type 0)))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func $"weft:lift 0" (;1;) (type 1) (param i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    f64.reinterpret_i64
    call 0
  )
  (func $weft:initialize (;2;) (type 2))
)
