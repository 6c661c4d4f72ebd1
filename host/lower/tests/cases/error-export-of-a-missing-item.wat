(component
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func (export "g") (canon lift (core func $m "g"))))
