(component
  (import "test:imports/i@0.1.0" (instance $i (export "f" (func))))
  (alias export $i "f" (func $f))
  (core func $f (canon lower (func $f)))
  (core module $m (import "" "f" (func)))
  (core instance $m (instantiate $m (with "" (instance (export "f" (func $f)))))))
