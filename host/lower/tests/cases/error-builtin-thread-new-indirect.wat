(component
  (core module $table (table (export "table") 1 1 funcref))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (alias core export $table "table" (core table $table))
  (core func $new (canon thread.new-indirect $start (core table $table)))
  (core module $m (import "" "new" (func (param i32 i32) (result i32))))
  (core instance $m (instantiate $m (with "" (instance (export "new" (func $new)))))))
