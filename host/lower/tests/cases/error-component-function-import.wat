(component
  (import "f" (func $f (param "x" u32)))
  (core func $f (canon lower (func $f)))
  (core module $m
    (import "" "f" (func $f (param i32)))
    (func (export "g") (call $f (i32.const 1))))
  (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func (export "g") (canon lift (core func $m "g"))))
