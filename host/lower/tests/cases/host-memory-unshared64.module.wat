(module
  (type (;0;) (func))
  (type (;1;) (func (result i64)))
  (type (;2;) (func (result i64)))
  (type (;3;) (func (result i64)))
  (type (;4;) (func))
  (type (;5;) (func (param i64) (result i64)))
  (import "weft" "memory 0" (memory (;0;) i64 1 3 shared))
  (import "weft" "f" (func $f (;0;) (type 0)))
  (import "weft" "memory.grow 0" (func (;1;) (type 5)))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;2;) (type 1) (result i64)
    call $f
    i64.const 1
    call 1
  )
  (func $"weft:lift 0" (;3;) (type 3) (result i64)
    call 2
  )
  (func $weft:initialize (;4;) (type 4))
)
