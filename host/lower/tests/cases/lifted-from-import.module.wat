(module
  (type (;0;) (func (param i32 f64) (result i64)))
  (import "weft" "f" (func (;0;) (type 0)))
  (export "0:1" (func 1))
  (func (;1;) (type 0) (param i32 f64) (result i64)
    local.get 0
    local.get 1
    call 0
  )
)
