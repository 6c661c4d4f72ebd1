(module $use
  (type (;0;) (func (result i32)))
  (import "p" "own" (memory $own (;0;) 1))
  (import "p" "renamed" (memory $shared (;1;) 1 2 shared))
  (export "f" (func 0))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load
    i32.const 0
    i32.load $shared
    i32.add
  )
)
