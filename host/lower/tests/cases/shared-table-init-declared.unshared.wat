(component
  (core module $m (;0;)
    (type (;0;) (func))
    (table $t (;0;) 2 2 funcref)
    (export "f" (func 0))
    (elem $e (;0;) declare funcref (ref.null func))
    (func (;0;) (type 0)
      i32.const 0
      i32.const 0
      i32.const 0
      table.init $e
    )
  )
  (core instance $m (;0;) (instantiate $m))
)
