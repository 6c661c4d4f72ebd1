;;! shared-everything = true
;; The index into a 64-bit table is of type i64.

(component definition
  (core module $table (table (export "t") i64 1 funcref))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table "t")))
  (core module $main (import "" "new" (func (param i64 i32) (result i32))))
  (core instance (instantiate $main (with "" (instance (export "new" (func $new)))))))
