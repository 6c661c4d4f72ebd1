(module $memories
  (type (;0;) (func (result i32)))
  (import "weft" "memory" (memory (;0;) 1 2 shared))
  (import "weft" "memory" (memory (;1;) i64 2 4 shared))
  (memory $own (;2;) 3)
  (export "a" (memory 0))
  (export "own" (memory $own))
  (export "b" (memory 1))
  (export "f" (func 0))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load $own
  )
)
