(component
  (core module $define (memory (export "memory") 1 2 shared))
  (core instance $define (instantiate $define))
  (core module $m
    (import "" "memory" (memory 1 2))
    (func (export "f") (result i32) (i32.load (i32.const 0))))
  (core instance $m (instantiate $m (with "" (instance $define)))))
