(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (export "1:0" (func 0))
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load
  )
  (func $weft:initialize (;1;) (type 1))
)
