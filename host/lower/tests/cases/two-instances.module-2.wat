(module $both
  (type (;0;) (func (result i32)))
  (import "one" "memory" (memory $one (;0;) 1 1 shared))
  (import "two" "memory" (memory $two (;1;) 1 1 shared))
  (export "f" (func 0))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load
    i32.const 0
    i32.load $two
    i32.sub
  )
)
