(component
  (core func $builtin (canon waitable.join))
  (core module $m (import "" "builtin" (func (param i32 i32))))
  (core instance $m (instantiate $m (with "" (instance (export "builtin" (func $builtin)))))))
