(component
  (core module $m (;0;)
    (global (;0;) (mut i32) i32.const 0)
    (export "g" (global 0))
  )
  (core instance $m (;0;) (instantiate $m))
)
