;; A component whose world WIT can express, with parallel threads: no function of it can be called without the import.
(component
  (import "test:log/log@1.0.0" (instance $log
    (export "line" (func (param "text" string)))))
  (core module $m
    (memory (export "memory") 1 1 shared)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
    (func (export "greet") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16)))
  (core instance $i (instantiate $m))
  (core type $start (shared (func (param i32))))
  (core module $table (table (export "table") shared 1 1 (ref null (shared func))))
  (core instance $table (instantiate $table))
  (alias core export $table "table" (core table $table))
  (core func $spawn (canon thread.spawn-indirect $start $table))
  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $i "greet") (memory $i "memory") (realloc (func $i "realloc")))))
