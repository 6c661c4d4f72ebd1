(component
  (core module $m
    (func (export "f") (result i32) (i32.const 0))
    (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
  (core instance $m (instantiate $m))
  (func (export "f") async (canon lift (core func $m "f") async (callback (core func $m "callback")))))
