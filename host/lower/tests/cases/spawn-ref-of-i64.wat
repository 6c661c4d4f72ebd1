(component
  (core type $start (sub (shared (func (param i64)))))
  (core func $spawn (canon thread.spawn-ref $start))
  (core module $m
    (type $start (sub (shared (func (param i64)))))
    (type $spawn (shared (func (param (ref null $start) i64) (result i32))))
    (import "" "spawn" (func (type $spawn))))
  (core instance $m (instantiate $m (with "" (instance (export "spawn" (func $spawn)))))))
