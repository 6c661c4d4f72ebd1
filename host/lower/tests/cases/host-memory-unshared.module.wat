(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i64)))
  (type (;4;) (func))
  (type (;5;) (func (param i32 i32 i64 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 65536 shared))
  (import "weft" "f" (func $f (;0;) (type 0)))
  (import "weft" "wait32 0" (func (;1;) (type 5)))
  (memory (;1;) 2)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;2;) (type 1) (result i32)
    call $f
    i32.const 0
    i32.const 0
    i64.const 0
    i64.const 0
    call 1
    drop
    i32.const 8
    i32.load
    i32.const 8
    i32.load 1
    i32.add
  )
  (func $"weft:lift 0" (;3;) (type 3) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $weft:initialize (;4;) (type 4)
    i32.const 8
    i32.const 0
    i32.const 4
    memory.init 0
  )
  (data (;0;) "once")
)
