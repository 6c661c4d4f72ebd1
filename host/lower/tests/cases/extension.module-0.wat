(module $m
  (type $read (;0;) (func (result i32)))
  (type $string (;1;) (func (param i32 i32) (result i32)))
  (type $realloc (;2;) (func (param i32 i32 i32 i32) (result i32)))
  (import "t" "index" (func $index (;0;) (type $read)))
  (import "weft" "memory" (memory (;0;) 1 1 shared))
  (table $table (;0;) 1 1 funcref ref.func $index)
  (export "memory" (memory 0))
  (export "realloc" (func 1))
  (export "index" (func 2))
  (export "string" (func 3))
  (func (;1;) (type $realloc) (param i32 i32 i32 i32) (result i32)
    i32.const 0
  )
  (func (;2;) (type $read) (result i32)
    i32.const 0
    call_indirect (type $read)
  )
  (func (;3;) (type $string) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
  )
)
