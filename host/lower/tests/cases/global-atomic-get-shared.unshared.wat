(component
  (core module $m (;0;)
    (type (;0;) (func (result i32)))
    (global $g (;0;) i32 i32.const 0)
    (export "f" (func 0))
    (func (;0;) (type 0) (result i32)
      global.get $g
    )
  )
  (core instance $m (;0;) (instantiate $m))
)
