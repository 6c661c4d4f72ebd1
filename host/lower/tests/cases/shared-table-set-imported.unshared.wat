(component
  (core module $define (;0;)
    (table (;0;) 2 2 funcref)
    (export "t" (table 0))
  )
  (core instance $define (;0;) (instantiate $define))
  (core module $m (;1;)
    (type (;0;) (func))
    (import "" "t" (table $t (;0;) 2 2 funcref))
    (export "f" (func 0))
    (func (;0;) (type 0)
      i32.const 0
      ref.null func
      table.set $t
    )
  )
  (core instance $m (;1;) (instantiate $m
      (with "" (instance $define))
    )
  )
)
