(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (result i64)))
  (type (;7;) (func))
  (type (;8;) (func (param i64) (result i64)))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (import "weft" "memory 1" (memory (;1;) i64 2 4 shared))
  (import "weft" "memory 2" (memory (;2;) 1 1 shared))
  (import "weft" "memory 3" (memory (;3;) i64 0 9 shared))
  (import "weft" "memory.grow 3" (func (;0;) (type 8)))
  (memory (;4;) 3)
  (memory (;5;) 1)
  (memory (;6;) 2 3)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;1;) (type 0) (result i32)
    i32.const 0
    i32.load 4
  )
  (func (;2;) (type 1) (result i32)
    i64.const 0
    i32.const 1
    i32.atomic.store 1
    i32.const 0
    i32.const 2
    i32.store 4
    i32.const 0
    i32.const 3
    i32.store8 5
    i32.const 0
    i64.const 4
    i64.atomic.store32 2 offset=4
    i32.const 0
    v128.const i32x4 0x00000005 0x00000000 0x00000005 0x00000000
    v128.store 6
    i32.const 0
    i64.const 0
    i32.const 6
    memory.copy 5 1
    i64.const 0
    i32.const 7
    i64.const 8
    memory.fill 3
    i64.const 1
    call 0
    drop
    memory.size 6
    memory.size 2
    i32.add
  )
  (func (;3;) (type 2) (result i32)
    i32.const 0
    i32.load 2
    i32.load 6
  )
  (func $"weft:lift 0" (;4;) (type 4) (result i64)
    call 3
    i64.extend_i32_u
  )
  (func $"weft:lift 1" (;5;) (type 6) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $weft:initialize (;6;) (type 7))
)
