(component
  (core func $builtin (canon thread.yield-then-resume))
  (core module $m (import "" "builtin" (func (param i32) (result i32))))
  (core instance $m (instantiate $m (with "" (instance (export "builtin" (func $builtin)))))))
