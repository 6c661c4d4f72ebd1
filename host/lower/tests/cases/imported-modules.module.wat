(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (result i64)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (import "weft" "fd_write" (func $write (;0;) (type 0)))
  (import "weft" "now" (func $now (;1;) (type 1)))
  (export "1:2" (func 2))
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
  (func $weft:initialize (;3;) (type 3))
)
