(module
  (type (;0;) (func))
  (type (;1;) (func))
  (type (;2;) (func (param funcref) (result i32)))
  (type (;3;) (func (param i32 i32) (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "function-handle" (func (;0;) (type 2)))
  (import "weft" "table.grow 0" (func (;1;) (type 3)))
  (table (;0;) 1 1 funcref)
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:functions" (table 0))
  (elem (;0;) funcref (ref.null func))
  (elem (;1;) (table 0) (i32.const 1) func)
  (func (;2;) (type 0)
    (local i32)
    ref.null func
    i32.const 1
    local.set 0
    call 0
    local.get 0
    call 1
    drop
  )
  (func $weft:initialize (;3;) (type 1)
    i32.const 0
    i64.const 2
    i64.atomic.store
  )
)
