;;! shared-everything = true
;;! deterministic = true

;; In the deterministic profile a spawn gives 0, and nothing begins.

(component
  (core type $start (shared (func (param i32))))
  (core module $table (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $table (instantiate $table))
  (core func $spawn (canon thread.spawn-indirect shared $start (core table $table "table")))
  (core func $parallelism (canon thread.available-parallelism shared))
  (core module $m
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $parallelism (shared (func (result i32))))
    (import "" "spawn" (func $spawn (type $spawn)))
    (import "" "parallelism" (func $parallelism (type $parallelism)))
    (func (export "spawn") (result i32) (call $spawn (i32.const 0) (i32.const 0)))
    (func (export "parallelism") (result i32) (call $parallelism)))
  (core instance $i (instantiate $m
    (with "" (instance (export "spawn" (func $spawn)) (export "parallelism" (func $parallelism))))))
  (func (export "spawn") (result u32) (canon lift (core func $i "spawn")))
  (func (export "parallelism") (result u32) (canon lift (core func $i "parallelism"))))
(assert_return (invoke "spawn") (u32.const 0))
(assert_return (invoke "parallelism") (u32.const 1))
