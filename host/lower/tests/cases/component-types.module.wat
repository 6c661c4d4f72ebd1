(module
  (type (;0;) (func (result i32)))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (export "1:0" (func 0))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load
  )
)
