(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i64)))
  (type (;3;) (func))
  (type (;4;) (func (param i32 i32 i64 i64) (result i32)))
  (type (;5;) (func (param i64 i32 i64 i64) (result i32)))
  (type (;6;) (func (param i32 i64 i64 i64) (result i32)))
  (type (;7;) (func (param i64 i64 i64 i64) (result i32)))
  (type (;8;) (func (param i32 i32 i64) (result i32)))
  (type (;9;) (func (param i64 i32 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (import "weft" "memory 1" (memory (;1;) i64 1 2 shared))
  (import "weft" "memory 2" (memory (;2;) 1 2 shared))
  (import "weft" "memory 3" (memory (;3;) 1 1 shared))
  (import "weft" "wait32 0" (func (;0;) (type 4)))
  (import "weft" "wait32 1" (func (;1;) (type 5)))
  (import "weft" "wait64 0" (func (;2;) (type 6)))
  (import "weft" "wait64 1" (func (;3;) (type 7)))
  (import "weft" "wait64 2" (func (;4;) (type 6)))
  (import "weft" "notify 0" (func (;5;) (type 8)))
  (import "weft" "notify 1" (func (;6;) (type 9)))
  (memory (;4;) 1)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;7;) (type 0) (result i32)
    (local i32 i32 i64)
    i32.const 8
    i32.const 1
    memory.atomic.notify 4 offset=4
    drop
    i32.const 8
    i32.const 1
    local.set 1
    local.tee 0
    i32.atomic.load offset=4
    drop
    atomic.fence
    local.get 0
    i32.const 4
    i32.add
    i32.const 4
    i32.shl
    i32.const 65472
    i32.and
    i32.atomic.load 3
    if (result i32) ;; label = @1
      local.get 0
      local.get 1
      i64.const 4
      call 5
    else
      i32.const 0
    end
    drop
    i64.const 8
    i32.const 1
    local.set 0
    local.tee 2
    i32.atomic.load 1 offset=4294967296
    drop
    atomic.fence
    local.get 2
    i32.wrap_i64
    i32.const 0
    i32.add
    i32.const 4
    i32.shl
    i32.const 65472
    i32.and
    i32.atomic.load 3
    if (result i32) ;; label = @1
      local.get 2
      local.get 0
      i64.const 4294967296
      call 6
    else
      i32.const 0
    end
    drop
    i32.const 8
    i32.const 1
    i64.const -1
    memory.atomic.wait32 4
    drop
    i32.const 8
    i32.const 1
    i64.const -1
    i64.const 4294967292
    call 0
    drop
    i64.const 8
    i32.const 1
    i64.const -1
    i64.const 0
    call 1
    drop
    i32.const 8
    i64.const 1
    i64.const -1
    memory.atomic.wait64 4 offset=8
    drop
    i32.const 8
    i64.const 1
    i64.const -1
    i64.const 8
    call 2
    drop
    i32.const 8
    i64.const 1
    i64.const -1
    i64.const 0
    call 4
    drop
    i64.const 8
    i64.const 1
    i64.const 0
    i64.const 16
    call 3
  )
  (func $"weft:lift 0" (;8;) (type 2) (result i64)
    call 7
    i64.extend_i32_u
  )
  (func $weft:initialize (;9;) (type 3))
)
