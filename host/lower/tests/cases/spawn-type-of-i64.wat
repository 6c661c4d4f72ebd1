(component
  (core module $table (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $table (instantiate $table))
  (alias core export $table "table" (core table $table))
  (core type $start (shared (func (param i64))))
  (core func $spawn (canon thread.spawn-indirect $start (core table $table))))
