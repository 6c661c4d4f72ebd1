(component
  (core func $builtin (canon thread.yield))
  (core module $m (import "" "builtin" (func (result i32))))
  (core instance $m (instantiate $m (with "" (instance (export "builtin" (func $builtin)))))))
