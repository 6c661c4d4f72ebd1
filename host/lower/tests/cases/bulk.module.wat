(module
  (type (;0;) (func (param i32 i32 i32)))
  (type (;1;) (func (param i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32) (result i32)))
  (type (;3;) (func (param i64 i64 i64) (result i64)))
  (type (;4;) (func (param i32 i32 i32) (result i32)))
  (type (;5;) (func (param i64 i64 i64) (result i64)))
  (type (;6;) (func (param i64 i32 i32) (result i32)))
  (type (;7;) (func (param i32 externref i32) (result i32)))
  (type (;8;) (func (param externref i32) (result i32)))
  (type (;9;) (func))
  (type (;10;) (func (param i64 i64) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 4 shared))
  (import "weft" "memory 1" (memory (;1;) i64 1 4 shared))
  (import "weft" "reserve-table" (func (;0;) (type 10)))
  (table (;0;) 9000 externref)
  (table (;1;) 9000 externref)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;1;) (type 0) (param i32 i32 i32)
    (local i32 i32 i32)
    local.get 0
    local.get 1
    i32.const 65536
    memory.fill
    local.get 0
    local.get 1
    i32.const -1
    local.set 5
    local.set 4
    local.set 3
    local.get 5
    i32.const 65536
    i32.gt_u
    if ;; label = @1
      local.get 3
      local.get 4
      local.get 5
      call $"weft:memory.fill 0"
      local.set 5
    end
    local.get 3
    local.get 4
    local.get 5
    memory.fill
    local.get 0
    local.get 1
    local.get 2
    memory.init 0
  )
  (func (;2;) (type 0) (param i32 i32 i32)
    (local i32 i32 i32 i64 i64 i64)
    local.get 0
    local.get 1
    local.get 2
    local.set 5
    local.set 4
    local.set 3
    local.get 5
    i32.const 65536
    i32.gt_u
    if ;; label = @1
      local.get 3
      local.get 4
      local.get 5
      call $"weft:memory.fill 0"
      local.set 5
    end
    local.get 3
    local.get 4
    local.get 5
    memory.fill
    local.get 0
    local.get 1
    local.get 2
    local.set 5
    local.set 4
    local.set 3
    local.get 5
    i32.const 65536
    i32.gt_u
    if ;; label = @1
      local.get 3
      local.get 4
      local.get 5
      call $"weft:memory.copy 0 0"
      local.set 5
    end
    local.get 3
    local.get 4
    local.get 5
    memory.copy
    local.get 0
    i64.extend_i32_u
    i64.const 0
    local.get 2
    i64.extend_i32_u
    local.set 8
    local.set 7
    local.set 6
    local.get 8
    i64.const 65536
    i64.gt_u
    if ;; label = @1
      local.get 6
      local.get 7
      local.get 8
      call $"weft:memory.copy 1 1"
      local.set 8
    end
    local.get 6
    local.get 7
    local.get 8
    memory.copy 1 1
    local.get 0
    i64.extend_i32_u
    local.get 1
    local.get 2
    local.set 4
    local.set 3
    local.set 6
    local.get 4
    i32.const 65536
    i32.gt_u
    if ;; label = @1
      local.get 6
      local.get 3
      local.get 4
      call $"weft:memory.copy 1 0"
      local.set 4
    end
    local.get 6
    local.get 3
    local.get 4
    memory.copy 1 0
  )
  (func (;3;) (type 1) (param i32 i32 i32) (result i32)
    (local i32 externref i32 i32)
    local.get 0
    ref.null extern
    local.get 2
    local.set 5
    local.set 4
    local.set 3
    local.get 5
    i32.const 8192
    i32.gt_u
    if ;; label = @1
      local.get 3
      local.get 4
      local.get 5
      call $"weft:table.fill 0"
      local.set 5
    end
    local.get 3
    local.get 4
    local.get 5
    table.fill 0
    local.get 0
    local.get 1
    local.get 2
    local.set 6
    local.set 5
    local.set 3
    local.get 6
    i32.const 8192
    i32.gt_u
    if ;; label = @1
      local.get 3
      local.get 5
      local.get 6
      call $"weft:table.copy 0 0"
      local.set 6
    end
    local.get 3
    local.get 5
    local.get 6
    table.copy
    local.get 0
    local.get 1
    local.get 2
    local.set 6
    local.set 5
    local.set 3
    local.get 6
    i32.const 8192
    i32.gt_u
    if ;; label = @1
      local.get 3
      local.get 5
      local.get 6
      call $"weft:table.copy 0 1"
      local.set 6
    end
    local.get 3
    local.get 5
    local.get 6
    table.copy 0 1
    local.get 0
    local.get 1
    i32.const 8192
    table.copy 1 0
    ref.null extern
    i32.const 65536
    table.grow 0
    drop
    ref.null extern
    local.get 2
    local.set 3
    local.set 4
    local.get 3
    i32.const 65536
    i32.gt_u
    if (result i32) ;; label = @1
      local.get 4
      local.get 3
      call $"weft:table.grow 0"
    else
      local.get 4
      local.get 3
      table.grow 0
    end
  )
  (func $"weft:lift 0" (;4;) (type 3) (param i64 i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    local.get 2
    i32.wrap_i64
    call 3
    i64.extend_i32_u
  )
  (func $"weft:memory.fill 0" (;5;) (type 4) (param i32 i32 i32) (result i32)
    (local i64 i64 i64 i64)
    local.get 0
    i64.extend_i32_u
    local.set 3
    local.get 2
    i64.extend_i32_u
    local.set 5
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 3
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 65536
        i64.le_u
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        local.get 1
        i64.const 65536
        i32.wrap_i64
        memory.fill
        local.get 3
        i64.const 65536
        i64.add
        local.set 3
        local.get 5
        i64.const -65536
        i64.add
        local.set 5
        br 0 (;@2;)
      end
    end
    local.get 3
    i32.wrap_i64
    local.get 1
    local.get 5
    i32.wrap_i64
    memory.fill
    i32.const 0
  )
  (func $"weft:memory.copy 0 0" (;6;) (type 4) (param i32 i32 i32) (result i32)
    (local i64 i64 i64 i64)
    local.get 0
    i64.extend_i32_u
    local.set 3
    local.get 1
    i64.extend_i32_u
    local.set 4
    local.get 2
    i64.extend_i32_u
    local.set 5
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 3
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 4
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    local.get 3
    local.get 4
    i64.le_u
    if ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get 5
          i64.const 65536
          i64.le_u
          br_if 1 (;@2;)
          local.get 3
          i32.wrap_i64
          local.get 4
          i32.wrap_i64
          i64.const 65536
          i32.wrap_i64
          memory.copy
          local.get 3
          i64.const 65536
          i64.add
          local.set 3
          local.get 4
          i64.const 65536
          i64.add
          local.set 4
          local.get 5
          i64.const -65536
          i64.add
          local.set 5
          br 0 (;@3;)
        end
      end
    else
      block ;; label = @2
        loop ;; label = @3
          local.get 5
          i64.const 65536
          i64.le_u
          br_if 1 (;@2;)
          local.get 5
          i64.const -65536
          i64.add
          local.set 5
          local.get 3
          local.get 5
          i64.add
          i32.wrap_i64
          local.get 4
          local.get 5
          i64.add
          i32.wrap_i64
          i64.const 65536
          i32.wrap_i64
          memory.copy
          br 0 (;@3;)
        end
      end
    end
    local.get 3
    i32.wrap_i64
    local.get 4
    i32.wrap_i64
    local.get 5
    i32.wrap_i64
    memory.copy
    i32.const 0
  )
  (func $"weft:memory.copy 1 1" (;7;) (type 5) (param i64 i64 i64) (result i64)
    (local i64 i64 i64 i64)
    local.get 0
    local.set 3
    local.get 1
    local.set 4
    local.get 2
    local.set 5
    memory.size 1
    i64.const 16
    i64.shl
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 3
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    memory.size 1
    i64.const 16
    i64.shl
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 4
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    local.get 3
    local.get 4
    i64.le_u
    if ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get 5
          i64.const 65536
          i64.le_u
          br_if 1 (;@2;)
          local.get 3
          local.get 4
          i64.const 65536
          memory.copy 1 1
          local.get 3
          i64.const 65536
          i64.add
          local.set 3
          local.get 4
          i64.const 65536
          i64.add
          local.set 4
          local.get 5
          i64.const -65536
          i64.add
          local.set 5
          br 0 (;@3;)
        end
      end
    else
      block ;; label = @2
        loop ;; label = @3
          local.get 5
          i64.const 65536
          i64.le_u
          br_if 1 (;@2;)
          local.get 5
          i64.const -65536
          i64.add
          local.set 5
          local.get 3
          local.get 5
          i64.add
          local.get 4
          local.get 5
          i64.add
          i64.const 65536
          memory.copy 1 1
          br 0 (;@3;)
        end
      end
    end
    local.get 3
    local.get 4
    local.get 5
    memory.copy 1 1
    i64.const 0
  )
  (func $"weft:memory.copy 1 0" (;8;) (type 6) (param i64 i32 i32) (result i32)
    (local i64 i64 i64 i64)
    local.get 0
    local.set 3
    local.get 1
    i64.extend_i32_u
    local.set 4
    local.get 2
    i64.extend_i32_u
    local.set 5
    memory.size 1
    i64.const 16
    i64.shl
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 3
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 4
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 65536
        i64.le_u
        br_if 1 (;@1;)
        local.get 3
        local.get 4
        i32.wrap_i64
        i64.const 65536
        i32.wrap_i64
        memory.copy 1 0
        local.get 3
        i64.const 65536
        i64.add
        local.set 3
        local.get 4
        i64.const 65536
        i64.add
        local.set 4
        local.get 5
        i64.const -65536
        i64.add
        local.set 5
        br 0 (;@2;)
      end
    end
    local.get 3
    local.get 4
    i32.wrap_i64
    local.get 5
    i32.wrap_i64
    memory.copy 1 0
    i32.const 0
  )
  (func $"weft:table.fill 0" (;9;) (type 7) (param i32 externref i32) (result i32)
    (local i64 i64 i64 i64)
    local.get 0
    i64.extend_i32_u
    local.set 3
    local.get 2
    i64.extend_i32_u
    local.set 5
    table.size 0
    i64.extend_i32_u
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 3
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 8192
        i64.le_u
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        local.get 1
        i64.const 8192
        i32.wrap_i64
        table.fill 0
        local.get 3
        i64.const 8192
        i64.add
        local.set 3
        local.get 5
        i64.const -8192
        i64.add
        local.set 5
        br 0 (;@2;)
      end
    end
    local.get 3
    i32.wrap_i64
    local.get 1
    local.get 5
    i32.wrap_i64
    table.fill 0
    i32.const 0
  )
  (func $"weft:table.copy 0 0" (;10;) (type 4) (param i32 i32 i32) (result i32)
    (local i64 i64 i64 i64)
    local.get 0
    i64.extend_i32_u
    local.set 3
    local.get 1
    i64.extend_i32_u
    local.set 4
    local.get 2
    i64.extend_i32_u
    local.set 5
    table.size 0
    i64.extend_i32_u
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 3
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    table.size 0
    i64.extend_i32_u
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 4
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    local.get 3
    local.get 4
    i64.le_u
    if ;; label = @1
      block ;; label = @2
        loop ;; label = @3
          local.get 5
          i64.const 8192
          i64.le_u
          br_if 1 (;@2;)
          local.get 3
          i32.wrap_i64
          local.get 4
          i32.wrap_i64
          i64.const 8192
          i32.wrap_i64
          table.copy
          local.get 3
          i64.const 8192
          i64.add
          local.set 3
          local.get 4
          i64.const 8192
          i64.add
          local.set 4
          local.get 5
          i64.const -8192
          i64.add
          local.set 5
          br 0 (;@3;)
        end
      end
    else
      block ;; label = @2
        loop ;; label = @3
          local.get 5
          i64.const 8192
          i64.le_u
          br_if 1 (;@2;)
          local.get 5
          i64.const -8192
          i64.add
          local.set 5
          local.get 3
          local.get 5
          i64.add
          i32.wrap_i64
          local.get 4
          local.get 5
          i64.add
          i32.wrap_i64
          i64.const 8192
          i32.wrap_i64
          table.copy
          br 0 (;@3;)
        end
      end
    end
    local.get 3
    i32.wrap_i64
    local.get 4
    i32.wrap_i64
    local.get 5
    i32.wrap_i64
    table.copy
    i32.const 0
  )
  (func $"weft:table.copy 0 1" (;11;) (type 4) (param i32 i32 i32) (result i32)
    (local i64 i64 i64 i64)
    local.get 0
    i64.extend_i32_u
    local.set 3
    local.get 1
    i64.extend_i32_u
    local.set 4
    local.get 2
    i64.extend_i32_u
    local.set 5
    table.size 0
    i64.extend_i32_u
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 3
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    table.size 1
    i64.extend_i32_u
    local.set 6
    local.get 5
    local.get 6
    i64.gt_u
    local.get 4
    local.get 6
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 2
      return
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 8192
        i64.le_u
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        local.get 4
        i32.wrap_i64
        i64.const 8192
        i32.wrap_i64
        table.copy 0 1
        local.get 3
        i64.const 8192
        i64.add
        local.set 3
        local.get 4
        i64.const 8192
        i64.add
        local.set 4
        local.get 5
        i64.const -8192
        i64.add
        local.set 5
        br 0 (;@2;)
      end
    end
    local.get 3
    i32.wrap_i64
    local.get 4
    i32.wrap_i64
    local.get 5
    i32.wrap_i64
    table.copy 0 1
    i32.const 0
  )
  (func $"weft:table.grow 0" (;12;) (type 8) (param externref i32) (result i32)
    (local i64 i64)
    table.size 0
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
    call 0
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
        table.grow 0
        i32.const -1
        i32.eq
        if ;; label = @3
          i64.const -1
          i64.const 0
          call 0
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
    table.grow 0
    i32.const -1
    i32.eq
    if ;; label = @1
      i64.const -1
      i64.const 0
      call 0
      drop
    end
    local.get 2
    i32.wrap_i64
  )
  (func $weft:initialize (;13;) (type 9))
  (data (;0;) "0123456789")
)
