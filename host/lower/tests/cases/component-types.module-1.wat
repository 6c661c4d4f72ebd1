(module $m
  (type (;0;) (func (result i32)))
  (import "" "memory" (memory (;0;) 1 2 shared))
  (export "f" (func 0))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load
  )
)
