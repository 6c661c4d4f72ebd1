(component
  (component $callee
    (import "r" (type $r (sub resource)))
    (core module $m (func (export "f") (param i32)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "r" (own $r)) (canon lift (core func $m "f"))))
  (component $caller
    (import "r" (type $r (sub resource)))
    (import "f" (func $f (param "r" (own $r))))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32)))
      (func (export "g") (call $f (i32.const 0))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "g") (canon lift (core func $m "g"))))
  (import "r" (type $r (sub resource)))
  (instance $callee (instantiate $callee (with "r" (type $r))))
  (instance $caller (instantiate $caller (with "r" (type $r)) (with "f" (func $callee "f"))))
  (export "caller" (instance $caller)))
