(module $m
  (type $start (;0;) (func (param i32)))
  (type (;1;) (func (param i32 i32 i64) (result i32)))
  (import "weft" "memory" (memory (;0;) 1 2 shared))
  (import "weft" "notify" (func (;0;) (type 1)))
  (table (;0;) 2 2 funcref)
  (export "memory" (memory 0))
  (export "table" (table 0))
  (elem (;0;) (table 0) (i32.const 1) funcref (ref.func $run))
  (func $run (;1;) (type $start) (param i32)
    i32.const 0
    local.get 0
    i32.atomic.store offset=8
    i32.const 0
    i32.const 1
    i64.const 8
    call 0
    drop
  )
)
