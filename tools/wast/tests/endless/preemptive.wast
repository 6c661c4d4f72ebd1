;;! shared-everything = true

;; A component with preemptive threads that spawns for ever.

(component
  (core type $start (shared (func (param i32))))
  (core module $table (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $table (instantiate $table))
  (alias core export $table "table" (core table $t))
  (core func $spawn (canon thread.spawn-indirect $start (table $t)))
  (core module $m
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (import "" "table" (table $table shared 1 1 (ref null (shared func))))
    (import "" "spawn" (func $spawn (type $spawn)))
    (func $start (type $start) (loop $again (drop (call $spawn (i32.const 0) (i32.const 0))) (br $again)))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $start))
    (func (export "endless") (loop $again (drop (call $spawn (i32.const 0) (i32.const 0))) (br $again))))
  (core instance $i (instantiate $m
    (with "" (instance (export "table" (table $t)) (export "spawn" (func $spawn))))))
  (func (export "endless") (canon lift (core func $i "endless"))))
(invoke "endless")
