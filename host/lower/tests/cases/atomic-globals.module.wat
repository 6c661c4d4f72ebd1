(module
  (type (;0;) (func (param i64) (result i64)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (global (;0;) (mut i64) i64.const 2)
  (global (;1;) (mut i32) i32.const 3)
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (param i64) (result i64)
    (local i64 i64)
    local.get 0
    local.set 1
    i32.const 0
    local.get 1
    i64.atomic.rmw.add
    drop
    local.get 0
    local.set 1
    i32.const 0
    local.get 1
    i64.atomic.store
    local.get 0
    i64.const 9
    local.set 2
    local.set 1
    i32.const 0
    local.get 1
    local.get 2
    i64.atomic.rmw.cmpxchg
    drop
    global.get 0
  )
  (func (;1;) (type 1) (param i32) (result i32)
    (local i32 i32)
    local.get 0
    local.set 1
    global.get 1
    local.set 2
    local.get 2
    local.get 1
    i32.sub
    global.set 1
    local.get 2
  )
  (func $weft:initialize (;2;) (type 2)
    i32.const 0
    i64.const 1
    i64.store
  )
)
