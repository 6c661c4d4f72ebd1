;; Components with preemptive threads inside another one: each instance has its own memory, threads and slots.
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
  (instance $one (instantiate $Counter))
  (instance $two (instantiate $Counter))
  (export "one" (func $one "count"))
  (export "two" (func $two "count"))
  (export "create-in-one" (func $one "create"))
  (export "create-in-two" (func $two "create"))
  (export "index-of-one" (func $one "index"))
  (export "index-of-two" (func $two "index")))

(component instance $nested $Nested)
;;; IDX-04 IDX-06
(assert_return (invoke $nested "index-of-one") (u32.const 1))
;;; IDX-04 IDX-06
(assert_return (invoke $nested "index-of-two") (u32.const 1))
;;; IDX-04
(assert_return (invoke $nested "create-in-one") (u32.const 2))
;;; IDX-04
(assert_return (invoke $nested "create-in-one") (u32.const 3))
;;; IDX-04
(assert_return (invoke $nested "create-in-two") (u32.const 2))
;;; CTX-10
(assert_return (invoke $nested "one" (u32.const 3)) (u32.const 3))
;;; CTX-10
(assert_return (invoke $nested "two" (u32.const 40)) (u32.const 40))
;;; CTX-10
(assert_return (invoke $nested "one" (u32.const 5)) (u32.const 8))
