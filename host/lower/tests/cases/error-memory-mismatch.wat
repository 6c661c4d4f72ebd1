(component
  (core module $define (memory (export "memory") 1 2))
  (core instance $define (instantiate $define))
  (core module $m
    (import "" "memory" (memory 1 2 shared))
    (func (export "f") (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))
  (core instance $m (instantiate $m (with "" (instance $define)))))
