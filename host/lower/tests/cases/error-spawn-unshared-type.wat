(component
  (core module $m (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $m (instantiate $m))
  (core type $start (func (param i32)))
  (alias core export $m "table" (core table $table))
  (core func (canon thread.spawn-indirect $start (core table $table))))
