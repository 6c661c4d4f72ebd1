(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;3;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "thread.index" (func $index (;0;) (type 0)))
  (table (;0;) 1 1 funcref ref.func $index)
  (export "0:3" (func 3))
  (export "0:1" (func 1))
  (export "0:2" (func 2))
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
  (func $weft:initialize (;4;) (type 3))
)
