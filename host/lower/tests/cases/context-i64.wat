(component
  (core func $get (canon context.get i64 0))
  (core module $m (import "" "get" (func (result i64))))
  (core instance $m (instantiate $m (with "" (instance (export "get" (func $get)))))))
