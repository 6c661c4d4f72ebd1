(module
  (type (;0;) (func))
  (type (;1;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0))
  (func $weft:initialize (;1;) (type 1)
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init 0
  )
  (data (;0;) "x")
)
