(component
  (component $callee
    (core module $m (func (export "f")))
    (core instance $m (instantiate $m))
    (func (export "f") async (canon lift (core func $m "f"))))
  (instance $callee (instantiate $callee))
  (component $caller
    (import "f" (func $f async))
    (core func $f (canon lower (func $f) async))
    (core module $m
      (import "" "f" (func $f (result i32)))
      (func (export "g") (drop (call $f))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "g") (canon lift (core func $m "g"))))
  (instance $caller (instantiate $caller (with "f" (func $callee "f"))))
  (export "caller" (instance $caller)))
