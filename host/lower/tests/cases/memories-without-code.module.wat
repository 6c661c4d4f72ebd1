(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (result i64)))
  (type (;7;) (func))
  (type (;8;) (func (param i32)))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (import "weft" "thread.spawn-indirect" (func $spawn (;0;) (type 1)))
  (table (;0;) 2 2 funcref)
  (memory (;1;) 1)
  (global (;0;) i32 i32.const 4)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:table-1-0" (table 0))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (func (;1;) (type 0) (result i32)
    i32.const 0
    i32.load 1
    i32.const 0
    i32.load
    i32.add
  )
  (func (;2;) (type 2) (result i32)
    i32.const 1
    i32.const 2
    call $spawn
  )
  (func $"weft:lift 0" (;3;) (type 4) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $"weft:lift 1" (;4;) (type 6) (result i64)
    call 1
    i64.extend_i32_u
  )
  (func $weft:initialize (;5;) (type 7)
    i32.const 8
    i32.const 0
    i32.const 17
    memory.init 0
  )
  (func $weft:start-i32 (;6;) (type 8) (param i32)
    unreachable
  )
  (data (;0;) "no code, but data")
)
