(module
  (type (;0;) (func))
  (type (;1;) (func (param i32 i32 i32)))
  (type (;2;) (func))
  (type (;3;) (func (param funcref) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "function-handle" (func (;0;) (type 3)))
  (table (;0;) 1 1 funcref)
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:functions" (table 0))
  (elem (;0;) declare funcref (ref.null func))
  (elem (;1;) (table 0) (i32.const 1) func)
  (func (;1;) (type 0)
    i32.const 0
    i32.const 0
    i32.const 0
    call $weft:copy
  )
  (func $weft:copy (;2;) (type 1) (param i32 i32 i32)
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
    i64.const 0
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
        i32.const 0
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
  (func $weft:initialize (;3;) (type 2)
    i32.const 0
    i64.const 2
    i64.atomic.store
  )
)
