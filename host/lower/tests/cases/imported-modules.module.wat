(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (result i64)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (import "weft" "fd_write" (func $write (;0;) (type 0)))
  (import "weft" "now" (func $now (;1;) (type 1)))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;2;) (type 2) (result i32)
    i32.const 0
    call $now
    i64.store
    i32.const 1
    i32.const 0
    i32.const 1
    i32.const 8
    call $write
  )
  (func $"weft:lift 0" (;3;) (type 4) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $weft:initialize (;4;) (type 5))
)
