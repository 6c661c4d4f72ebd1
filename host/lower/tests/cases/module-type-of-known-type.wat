(component
  (import "host" (core module $host
    (type $t (func))
    (type $u (func (param (ref $t)) (result i32)))
    (export "f" (func (type $u)))))
  (core instance $host (instantiate $host))
  (core module $m
    (type $t (func))
    (type $u (func (param (ref $t)) (result i32)))
    (import "" "f" (func $f (type $u)))
    (func $t0 (export "t0") (type $t))
    (elem declare func $t0)
    (func (export "go") (result i32) (call $f (ref.func $t0))))
  (core instance $m (instantiate $m (with "" (instance $host))))
  (func (export "go") (result u32) (canon lift (core func $m "go"))))
