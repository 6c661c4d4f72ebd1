(component
  (core module $table (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $table (instantiate $table))
  (core type $start (shared (func (param i64))))
  (alias core export $table "table" (core table $table))
  (core func $new (canon thread.new-indirect $start (core table $table)))
  (core module $m (import "" "new" (func (param i32 i64) (result i32))))
  (core instance $m (instantiate $m (with "" (instance (export "new" (func $new)))))))
