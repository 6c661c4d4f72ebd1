(component
  (core func $get (;0;) (canon context.get i64 0))
  (core module $m (;0;)
    (type (;0;) (func (result i64)))
    (import "" "get" (func (;0;) (type 0)))
  )
  (core instance (;0;)
    (export "get" (func $get))
  )
  (core instance $m (;1;) (instantiate $m
      (with "" (instance 0))
    )
  )
)
