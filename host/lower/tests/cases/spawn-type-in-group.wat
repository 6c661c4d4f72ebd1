;; A start type with a supertype, in a recursion group with another type: the run-time module declares both groups, although no
;; core module here does.
(component
  (core type $open (sub (shared (func (param i32)))))
  (core rec
    (type $start (sub $open (shared (func (param i32)))))
    (type $other (shared (func (param (ref $start))))))
  (core module $table (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $table (instantiate $table))
  (core func $spawn (canon thread.spawn-ref $start))
  (core func $indirect (canon thread.spawn-indirect $start (core table $table "table")))
  (core module $main
    (type $indirect (shared (func (param i32 i32) (result i32))))
    (import "" "spawn" (func (type $indirect))))
  (core instance (instantiate $main (with "" (instance (export "spawn" (func $indirect)))))))
