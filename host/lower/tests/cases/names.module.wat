(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func (result i64)))
  (type (;6;) (func))
  (type (;7;) (func (param i32 i32 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (import "weft" "notify 0" (func (;0;) (type 7)))
  (table (;0;) 1 funcref)
  (memory (;2;) 1)
  (tag (;0;) (type 2))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 1))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) func $first)
  (func $first (;1;) (type 3) (param i32) (result i32)
    (local i64 i32 i32)
    block ;; label = @1
      br 0 (;@1;)
    end
    local.get 0
    global.get 1
    local.set 3
    local.tee 2
    i32.atomic.load
    drop
    atomic.fence
    local.get 2
    i32.const 4
    i32.shl
    i32.const 65472
    i32.and
    i32.atomic.load 1
    if (result i32) ;; label = @1
      local.get 2
      local.get 3
      i64.const 0
      call 0
    else
      i32.const 0
    end
    global.set 0
    i32.const 0
    i32.load 2
  )
  (func $second (;2;) (type 1) (result i32)
    i32.const 1
    call $first
  )
  (func $"weft:lift 0" (;3;) (type 5) (result i64)
    call $second
    i64.extend_i32_u
  )
  (func $weft:initialize (;4;) (type 6)
    i32.const 0
    i32.const 0
    i32.const 6
    memory.init 1
  )
  (data (;0;) "passive")
  (data (;1;) "active")
)
