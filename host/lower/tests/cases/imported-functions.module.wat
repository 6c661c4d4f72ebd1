(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32 i32 i32)))
  (type (;3;) (func))
  (type (;4;) (func (param i32)))
  (type (;5;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 16 shared))
  (import "weft" "lowered 0" (func $f (;0;) (type 1)))
  (import "weft" "lowered 1" (func $g1 (;1;) (type 2)))
  (import "weft" "lowered 2" (func $g2 (;2;) (type 2)))
  (import "weft" "lowered 3" (func $h (;3;) (type 2)))
  (import "weft" "lowered 0 2" (func (;4;) (type 4)))
  (memory (;1;) 1)
  (export "0:0" (func 5))
  (export "2:1" (func 7))
  (export "1:4" (func 6))
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
  (func (;7;) (type 4) (param i32)
    local.get 0
    call 4
  )
  (func $weft:initialize (;8;) (type 5))
)
