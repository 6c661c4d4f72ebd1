(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32 i32 i32)))
  (type (;3;) (func))
  (type (;4;) (func (param i32)))
  (type (;5;) (func (param i64) (result i64)))
  (type (;6;) (func))
  (type (;7;) (func (result i64)))
  (type (;8;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 16 shared))
  (import "weft" "lowered 0" (func $f (;0;) (type 1)))
  (import "weft" "lowered 1" (func $g1 (;1;) (type 2)))
  (import "weft" "lowered 2" (func $g2 (;2;) (type 2)))
  (import "weft" "lowered 3" (func $h (;3;) (type 2)))
  (import "weft" "lowered 0 2" (func (;4;) (type 4)))
  (memory (;1;) 1)
  (export "0:0" (func 5))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:memory-0-1" (memory 1))
  (export "weft:initialize" (func $weft:initialize))
  (func (;5;) (type 0) (param i32 i32 i32 i32) (result i32)
    i32.const 0
  )
  (func (;6;) (type 3)
    i32.const 1
    call $f
    i32.const 0
    i32.const 0
    i32.const 8
    call $g1
    i32.const 0
    i32.const 0
    i32.const 8
    call $g2
    i32.const 0
    i32.const 0
    i32.const 0
    call $h
  )
  (func $"weft:lift 0" (;7;) (type 5) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 4
    i64.const 0
  )
  (func $"weft:lift 1" (;8;) (type 7) (result i64)
    call 6
    i64.const 0
  )
  (func $weft:initialize (;9;) (type 8))
)
