(component
  (core func $builtin (canon subtask.drop))
  (core module $m (import "" "builtin" (func (param i32))))
  (core instance $m (instantiate $m (with "" (instance (export "builtin" (func $builtin)))))))
