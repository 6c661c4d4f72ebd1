(component
  (import "host" (core module $host (export "table" (table shared 1 1 (ref null (shared func))))))
  (core instance $host (instantiate $host))
  (core type $start (shared (func (param i32))))
  (alias core export $host "table" (core table $table))
  (core func $spawn (canon thread.spawn-indirect $start (core table $table)))
  (core module $m
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (import "" "spawn" (func $spawn (type $spawn)))
    (func (export "f") (result i32) (call $spawn (i32.const 1) (i32.const 2))))
  (core instance $m (instantiate $m (with "" (instance (export "spawn" (func $spawn))))))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
