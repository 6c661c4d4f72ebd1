;; Cooperative threads are not for weft's own runtime, and imported core modules not for Wasmtime's.
(component
  (import "m" (core module $m (export "table" (table 1 1 funcref))))
  (core instance $table (instantiate $m))
  (core type $start (func (param i32)))
  (alias core export $table "table" (core table $table))
  (core func $new (canon thread.new-indirect $start (core table $table))))
