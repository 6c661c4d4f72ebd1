(component
  (core type $start (shared (func (param i32))))
  (core module $table
    (type $other (shared (func (param i64))))
    (table (export "table") shared 1 1 (ref null $other)))
  (core instance $table (instantiate $table))
  (core func (canon thread.spawn-indirect $start (core table $table "table"))))
