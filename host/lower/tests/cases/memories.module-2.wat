(module $last
  (type (;0;) (func (result i32)))
  (import "m" "c" (memory (;0;) 1 1 shared))
  (import "m" "own2" (memory (;1;) 2))
  (export "f" (func 0))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load
    i32.load 1
  )
)
