(component
  (core func $builtin (canon backpressure.inc))
  (core module $m (import "" "builtin" (func)))
  (core instance $m (instantiate $m (with "" (instance (export "builtin" (func $builtin)))))))
