(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i32 i32) (result i32)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func))
  (type (;6;) (func (result i64)))
  (type (;7;) (func (result i32)))
  (type (;8;) (func (result i64)))
  (type (;9;) (func (param i32 i32 i32)))
  (type (;10;) (func (param funcref i32) (result i32)))
  (type (;11;) (func))
  (type (;12;) (func (param i32)))
  (type (;13;) (func (param i64 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "thread.spawn-indirect" (func $spawn1 (;0;) (type 3)))
  (import "weft" "thread.spawn-indirect 2" (func $spawn2 (;1;) (type 3)))
  (import "weft" "reserve-table" (func (;2;) (type 13)))
  (table (;0;) 4 4 funcref)
  (table (;1;) 1 funcref)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:table-0-0" (table 0))
  (export "weft:table-1-1" (table 0))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (elem (;0;) (table 0) (i32.const 1) func $g $f)
  (elem (;1;) func $h)
  (elem (;2;) (table 0) (i32.const 3) func $f)
  (elem (;3;) funcref)
  (elem (;4;) declare func $h)
  (func $f (;3;) (type 0) (param i32))
  (func $g (;4;) (type 0) (param i32))
  (func $h (;5;) (type 1))
  (func (;6;) (type 1)
    (local funcref i32)
    i32.const 0
    i32.const 0
    i32.const 1
    i32.const 0
    i32.atomic.load
    if (type 9) (param i32 i32 i32) ;; label = @1
      table.init 1 3
    else
      table.init 1 1
    end
    i32.const 0
    i32.const 1
    i32.atomic.store
    i32.const 0
    i32.const 0
    table.get 1
    table.set 1
    i32.const 0
    ref.null func
    i32.const 1
    table.fill 1
    ref.func $h
    table.size 0
    local.set 1
    local.set 0
    local.get 1
    i32.const 65536
    i32.gt_u
    if (result i32) ;; label = @1
      local.get 0
      local.get 1
      call $"weft:table.grow 1"
    else
      local.get 0
      local.get 1
      table.grow 1
    end
    drop
    i32.const 0
    i32.const 1
    i32.const 1
    table.copy 1 1
  )
  (func (;7;) (type 4) (result i32)
    i32.const 1
    i32.const 0
    call $spawn1
    i32.const 1
    i32.const 0
    call $spawn2
    i32.add
  )
  (func $"weft:lift 0" (;8;) (type 6) (result i64)
    call 6
    i64.const 0
  )
  (func $"weft:lift 1" (;9;) (type 8) (result i64)
    call 7
    i64.extend_i32_u
  )
  (func $"weft:table.grow 1" (;10;) (type 10) (param funcref i32) (result i32)
    (local i64 i64)
    table.size 1
    i64.extend_i32_u
    local.set 2
    local.get 1
    i64.extend_i32_u
    local.tee 3
    i64.const 4294967295
    local.get 2
    i64.sub
    i64.gt_u
    if ;; label = @1
      i32.const -1
      return
    end
    local.get 2
    local.get 3
    call 2
    i32.eqz
    if ;; label = @1
      i32.const -1
      return
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 3
        i64.const 65536
        i64.le_u
        br_if 1 (;@1;)
        local.get 0
        i64.const 65536
        i32.wrap_i64
        table.grow 1
        i32.const -1
        i32.eq
        if ;; label = @3
          i64.const -1
          i64.const 0
          call 2
          drop
        end
        local.get 3
        i64.const -65536
        i64.add
        local.set 3
        br 0 (;@2;)
      end
    end
    local.get 0
    local.get 3
    i32.wrap_i64
    table.grow 1
    i32.const -1
    i32.eq
    if ;; label = @1
      i64.const -1
      i64.const 0
      call 2
      drop
    end
    local.get 2
    i32.wrap_i64
  )
  (func $weft:initialize (;11;) (type 11))
  (func $weft:start-i32 (;12;) (type 12) (param i32)
    unreachable
  )
)
