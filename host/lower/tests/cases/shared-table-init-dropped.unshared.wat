(component
  (core module $m (;0;)
    (type (;0;) (func))
    (table $t (;0;) 2 2 funcref)
    (export "f" (func 0))
    (export "g" (func 1))
    (elem $e (;0;) funcref (ref.null func))
    (func (;0;) (type 0)
      i32.const 0
      i32.const 0
      i32.const 1
      table.init $e
    )
    (func (;1;) (type 0)
      elem.drop $e
    )
  )
  (core instance $m (;0;) (instantiate $m))
)
