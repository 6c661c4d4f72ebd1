(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func))
  (type (;6;) (func (param i32)))
  (import "weft" "thread.index" (func $index (;0;) (type 1)))
  (import "weft" "thread.spawn-indirect" (func $a1 (;1;) (type 0)))
  (import "weft" "thread.spawn-indirect 2" (func $a2 (;2;) (type 0)))
  (import "weft" "thread.spawn-indirect 3" (func $b2 (;3;) (type 0)))
  (import "weft" "thread.spawn-indirect 4" (func $a2-again (;4;) (type 0)))
  (table (;0;) 2 2 funcref)
  (table (;1;) 3 3 funcref)
  (table (;2;) 2 2 funcref)
  (table (;3;) 3 3 funcref)
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:context-i32-1" (global 0))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:table-0-0" (table 0))
  (export "weft:table-0-1" (table 1))
  (export "weft:table-1-1" (table 3))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (func (;5;) (type 1) (result i32)
    call $index
    global.get 0
    call $a1
    global.set 0
    call $index
    global.get 0
    call $a2
    global.set 0
    call $index
    global.get 0
    call $b2
    global.set 0
    i32.const 0
    i32.const 1
    call $a2-again
  )
  (func $"weft:lift 0" (;6;) (type 4) (result i64)
    call 5
    i64.extend_i32_u
  )
  (func $weft:initialize (;7;) (type 5))
  (func $weft:start-i32 (;8;) (type 6) (param i32)
    unreachable
  )
)
