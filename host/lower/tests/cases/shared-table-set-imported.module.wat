(module
  (type (;0;) (func))
  (type (;1;) (func (param i32 i32)))
  (type (;2;) (func))
  (type (;3;) (func (param funcref) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "function-handle" (func (;0;) (type 3)))
  (table (;0;) 1 1 funcref)
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:functions" (table 0))
  (elem (;0;) (table 0) (i32.const 1) func)
  (func (;1;) (type 0)
    i32.const 0
    ref.null func
    call 0
    call $"weft:set-element 0"
  )
  (func $"weft:set-element 0" (;2;) (type 1) (param i32 i32)
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
  (func $weft:initialize (;3;) (type 2)
    i32.const 0
    i64.const 2
    i64.atomic.store
  )
)
