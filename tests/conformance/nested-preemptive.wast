;; A component with preemptive threads inside another one, beside one without threads.
;;! shared-everything = true

(component definition $Nested
  (component $Counter
    (core type $start (shared (func (param i32))))
    (core module $Functions (table (export "functions") shared 1 1 (ref null (shared func))))
    (core instance $functions (instantiate $Functions))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
    (canon thread.index (core func $index))
    (canon context.get i32 0 (core func $get))
    (canon context.set i32 0 (core func $set))
    (core module $Main
      (type (func (result i32)))
      (type (func (param i32) (result i32)))
      (type $start (shared (func (param i32))))
      (type $call (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (type $new (shared (func (param i32 i32) (result i32))))
      (import "functions" "functions" (table $functions shared 1 1 (ref null (shared func))))
      (import "thread" "new" (func $new (type $new)))
      (import "thread" "spawn" (func $spawn (type $spawn)))
      (import "thread" "index" (func $index (type $call)))
      (import "context" "get" (func $get (type $call)))
      (import "context" "set" (func $set (type $start)))
      (memory 1 1 shared)
      (func $count (type $start) (param $by i32)
        (drop (i32.atomic.rmw.add (i32.const 4) (local.get $by)))
        (i32.atomic.store (i32.const 0) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
      (elem (table $functions) (i32.const 0) (ref null $start) (ref.func $count))
      (func (export "count") (param $by i32) (result i32)
        (if (call $get) (then unreachable))
        (call $set (i32.const 100))
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (call $spawn (ref.func $count) (local.get $by)))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
        (i32.load (i32.const 4)))
      (func (export "create") (result i32) (call $new (i32.const 0) (i32.const 0)))
      (func (export "index") (result i32) (call $index)))
    (core instance $main (instantiate $Main
      (with "functions" (instance $functions))
      (with "thread" (instance
        (export "spawn" (func $spawn))
        (export "new" (func $new))
        (export "index" (func $index))))
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "count") (param "by" u32) (result u32) (canon lift (core func $main "count")))
    (func (export "create") (result u32) (canon lift (core func $main "create")))
    (func (export "index") (result u32) (canon lift (core func $main "index"))))
  (component $Plain
    (canon context.get i64 0 (core func $get))
    (canon context.set i64 0 (core func $set))
    (core module $Main
      (import "context" "get" (func $get (result i64)))
      (import "context" "set" (func $set (param i64)))
      (func (export "run") (param i64) (result i64)
        (if (i64.ne (call $get) (i64.const 0)) (then unreachable))
        (call $set (local.get 0))
        (call $get)))
    (core instance $main (instantiate $Main
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "run") (param "value" u64) (result u64) (canon lift (core func $main "run"))))
  (instance $counter (instantiate $Counter))
  (instance $plain (instantiate $Plain))
  (export "count" (func $counter "count"))
  (export "create" (func $counter "create"))
  (export "index" (func $counter "index"))
  (export "run" (func $plain "run")))

(component instance $nested $Nested)
;;; IDX-06
(assert_return (invoke $nested "index") (u32.const 1))
;;; NEW-13
(assert_return (invoke $nested "create") (u32.const 2))
;;; CTX-10
(assert_return (invoke $nested "count" (u32.const 3)) (u32.const 3))
;;; CTX-10
(assert_return (invoke $nested "count" (u32.const 5)) (u32.const 8))
;; The slots of the two components have different types.
;;; CTX-06 CTX-10
(assert_return (invoke $nested "run" (u64.const 0x700000000)) (u64.const 0x700000000))
;;; CTX-06 CTX-10
(assert_return (invoke $nested "run" (u64.const 5)) (u64.const 5))
