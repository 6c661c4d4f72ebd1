(component
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref $start))
  (type $bytes (stream u8))
  (core func $builtin (canon stream.new $bytes))
  (core module $m (import "" "builtin" (func (result i64))))
  (core instance $m (instantiate $m (with "" (instance (export "builtin" (func $builtin)))))))
