(component
  (core module $m (table (export "table") 1 1 funcref))
  (core instance $m (instantiate $m))
  (core type $start (shared (func (param i32))))
  (alias core export $m "table" (core table $table))
  (core func (canon thread.spawn-indirect $start (core table $table))))
