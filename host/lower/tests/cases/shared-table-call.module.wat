(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i64)))
  (type (;4;) (func (param i32 i32 i32)))
  (type (;5;) (func (param i32 i32)))
  (type (;6;) (func))
  (type (;7;) (func (param funcref) (result i32)))
  (type (;8;) (func (param i32 i32) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (import "weft" "memory 2" (memory (;2;) 1 1 shared))
  (import "weft" "function-handle" (func (;0;) (type 7)))
  (import "weft" "table.grow 1" (func (;1;) (type 8)))
  (table (;0;) 2 2 funcref)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:functions" (table 0))
  (elem (;0;) declare func $one)
  (elem (;1;) (table 0) (i32.const 1) func $one)
  (func $one (;2;) (type 0) (result i32)
    i32.const 1
  )
  (func $write (;3;) (type 1)
    (local i32)
    i32.const 1
    i32.const 0
    local.tee 0
    i64.extend_i32_u
    i32.const 0
    i64.atomic.load 1
    i64.ge_u
    if ;; label = @1
      i32.const -1
      table.get 0
      drop
    end
    local.get 0
    i32.const 2
    i32.shl
    i32.load 1 offset=16
    table.get 0
    call 0
    call $"weft:set-element 0"
    ref.func $one
    i32.const 1
    local.set 0
    call 0
    local.get 0
    call 1
    drop
  )
  (func (;4;) (type 0) (result i32)
    (local i32)
    i32.const 0
    local.tee 0
    i64.extend_i32_u
    i64.const 2
    i64.ge_u
    if ;; label = @1
      i32.const -1
      table.get 0
      drop
    end
    local.get 0
    i32.const 2
    i32.shl
    i32.load offset=16
    call_indirect (type 0)
    i32.const 1
    local.tee 0
    i64.extend_i32_u
    i32.const 0
    i64.atomic.load 1
    i64.ge_u
    if ;; label = @1
      i32.const -1
      table.get 0
      drop
    end
    local.get 0
    i32.const 2
    i32.shl
    i32.load 1 offset=16
    call_indirect (type 0)
    i32.add
  )
  (func (;5;) (type 0) (result i32)
    (local i32)
    i32.const 1
    local.tee 0
    i64.extend_i32_u
    i64.const 2
    i64.ge_u
    if ;; label = @1
      i32.const -1
      table.get 0
      drop
    end
    local.get 0
    i32.const 2
    i32.shl
    i32.load offset=16
    return_call_indirect (type 0)
  )
  (func $"weft:lift 0" (;6;) (type 3) (result i64)
    call 4
    i64.extend_i32_u
  )
  (func $weft:copy (;7;) (type 4) (param i32 i32 i32)
    (local i64 i64 i64 i64 i64)
    local.get 0
    i64.extend_i32_u
    local.set 3
    local.get 1
    i64.extend_i32_u
    local.set 4
    local.get 2
    i64.extend_i32_u
    local.set 5
    i64.const 1
    local.set 7
    local.get 5
    local.get 7
    i64.gt_u
    local.get 4
    local.get 7
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      i32.const -1
      table.get 0
      drop
    end
    i32.const 0
    i64.atomic.load
    local.set 7
    local.get 5
    local.get 7
    i64.gt_u
    local.get 3
    local.get 7
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      i32.const -1
      table.get 0
      drop
    end
    i64.const 1
    local.set 6
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.eqz
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        i32.const 2
        i32.shl
        local.get 4
        i32.wrap_i64
        i32.const 2
        i32.shl
        i32.load 2
        i32.store offset=16
        local.get 3
        local.get 6
        i64.add
        local.set 3
        local.get 4
        local.get 6
        i64.add
        local.set 4
        local.get 5
        i64.const -1
        i64.add
        local.set 5
        br 0 (;@2;)
      end
    end
  )
  (func $"weft:set-element 0" (;8;) (type 5) (param i32 i32)
    (local i64)
    local.get 0
    i64.extend_i32_u
    local.set 2
    local.get 2
    i32.const 0
    i64.atomic.load
    i64.ge_u
    if ;; label = @1
      i32.const -1
      table.get 0
      drop
    end
    local.get 2
    i32.wrap_i64
    i32.const 2
    i32.shl
    local.get 1
    i32.store offset=16
  )
  (func $weft:initialize (;9;) (type 6)
    i32.const 0
    i64.const 2
    i64.atomic.store
    i32.const 0
    i64.const 1
    i64.atomic.store 1
    i32.const 0
    i32.const 0
    i32.const 4
    memory.init 2 0
    i32.const 0
    i32.const 0
    i32.const 1
    call $weft:copy
  )
  (data (;0;) "\01\00\00\00")
)
