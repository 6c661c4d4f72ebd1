(component
  (core func $builtin (;0;) (canon thread.yield-then-resume))
  (core module $m (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (import "" "builtin" (func (;0;) (type 0)))
  )
  (core instance (;0;)
    (export "builtin" (func $builtin))
  )
  (core instance $m (;1;) (instantiate $m
      (with "" (instance 0))
    )
  )
)
