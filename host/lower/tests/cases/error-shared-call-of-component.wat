;; A parallel thread would reach a function of another component that is not shared.
(component
  (component $callee
    (core module $m (func (export "f") (result i32) (i32.const 1)))
    (core instance $m (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $callee (instantiate $callee))
  (component $caller
    (import "f" (func $f (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (type $f (shared (func (result i32))))
      (import "" "f" (func $f (type $f)))
      (func (export "g") (type $f) (call $f)))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "g") (result u32) (canon lift (core func $m "g"))))
  (instance $caller (instantiate $caller (with "f" (func $callee "f"))))
  (export "caller" (instance $caller)))
