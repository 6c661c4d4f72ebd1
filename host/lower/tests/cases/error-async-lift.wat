(component
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func (export "f") async (canon lift (core func $m "f") async)))
