(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (param i32)))
  (type (;4;) (func (param i32)))
  (type (;5;) (func (param i64) (result i64)))
  (type (;6;) (func (param i32) (result i32)))
  (type (;7;) (func (param i64) (result i64)))
  (type (;8;) (func))
  (import "weft" "resource.new 0" (func (;0;) (type 2)))
  (import "weft" "resource.rep 1" (func (;1;) (type 2)))
  (import "weft" "resource.drop 0" (func (;2;) (type 1)))
  (import "weft" "resource.drop 2" (func (;3;) (type 3)))
  (export "0:0" (func 4))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;4;) (type 0) (param i32))
  (func (;5;) (type 2) (param i32) (result i32)
    local.get 0
  )
  (func (;6;) (type 1) (param i32))
  (func $"weft:lift 0" (;7;) (type 5) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 6
    i64.const 0
  )
  (func $"weft:lift 1" (;8;) (type 7) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 5
    i64.extend_i32_u
  )
  (func $weft:initialize (;9;) (type 8))
)
