(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;3;) (func (param i32 i32) (result i32)))
  (type (;4;) (func (param i64 i64) (result i64)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (result i64)))
  (type (;7;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "thread.index" (func $index (;0;) (type 0)))
  (table (;0;) 1 1 funcref ref.func $index)
  (export "0:1" (func 1))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) declare func $index)
  (func (;1;) (type 2) (param i32 i32 i32 i32) (result i32)
    i32.const 0
  )
  (func (;2;) (type 0) (result i32)
    i32.const 0
    call_indirect (type 0)
  )
  (func (;3;) (type 1) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
  )
  (func $"weft:lift 0" (;4;) (type 4) (param i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    call 3
    i64.extend_i32_u
  )
  (func $"weft:lift 1" (;5;) (type 6) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $weft:initialize (;6;) (type 7))
)
