(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func))
  (type (;6;) (func (param i32)))
  (type (;7;) (func (param i32 i32 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (import "weft" "thread.spawn-indirect" (func $spawn (;0;) (type 1)))
  (import "weft" "notify 0" (func (;1;) (type 7)))
  (table (;0;) 2 2 funcref)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:table-0-0" (table 0))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (elem (;0;) (table 0) (i32.const 1) func $run)
  (func $run (;2;) (type 0) (param i32)
    (local i32 i32)
    i32.const 0
    local.get 0
    i32.atomic.store offset=8
    i32.const 0
    i32.const 1
    local.set 2
    local.tee 1
    i32.atomic.load offset=8
    drop
    local.get 1
    i32.const 8
    i32.add
    i32.const 4
    i32.shl
    i32.const 65472
    i32.and
    i32.atomic.load 1
    if (result i32) ;; label = @1
      local.get 1
      local.get 2
      i64.const 8
      call 1
    else
      i32.const 0
    end
    drop
  )
  (func (;3;) (type 2) (result i32)
    i32.const 1
    i32.const 77
    call $spawn
  )
  (func $"weft:lift 0" (;4;) (type 4) (result i64)
    call 3
    i64.extend_i32_u
  )
  (func $weft:initialize (;5;) (type 5))
  (func $weft:start-i32 (;6;) (type 6) (param i32)
    unreachable
  )
)
