(component
  (core func $builtin (canon thread.resume-later))
  (core module $m (import "" "builtin" (func (param i32))))
  (core instance $m (instantiate $m (with "" (instance (export "builtin" (func $builtin)))))))
