(component
  (core func $builtin (canon task.cancel))
  (core module $m (import "" "builtin" (func)))
  (core instance $m (instantiate $m (with "" (instance (export "builtin" (func $builtin)))))))
