;; thread.index and the thread table of a component instance, with preemptive threads.
;;! shared-everything = true

(component definition $Table
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 4 4 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
  (canon thread.index (core func $index))

  (core module $Main
    (type (func (result i32)))
    (type $start (shared (func (param i32))))
    (type $index (shared (func (result i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $pair (shared (func (param i32 i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "functions" (table $functions shared 4 4 (ref null (shared func))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "thread" "index" (func $index (type $index)))

    ;; 0: how many threads are done; 4: the gate; 8: how many threads saw their index change; from 1024 on: the index that
    ;; each thread saw; from 2048 on: the one that its creator was given.
    (func $await (type $pair) (param $at i32) (param $value i32)
      (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (local.get $at)))
        (if (i32.ne (local.get $seen) (local.get $value))
          (then
            (drop (memory.atomic.wait32 (local.get $at) (local.get $seen) (i64.const -1)))
            (br $again)))))
    (func $add (type $pair) (param $at i32) (param $value i32)
      (drop (i32.atomic.rmw.add (local.get $at) (local.get $value)))
      (drop (memory.atomic.notify (local.get $at) (i32.const -1))))
    (func $tells (type $start) (param $number i32)
      (local $mine i32) (local $round i32)
      (local.set $mine (call $index))
      (i32.store offset=1024 (i32.shl (local.get $number) (i32.const 2)) (local.get $mine))
      (loop $again
        (if (i32.ne (call $index) (local.get $mine)) (then (call $add (i32.const 8) (i32.const 1))))
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.ne (local.get $round) (i32.const 100))))
      (call $await (i32.const 4) (i32.const 1))
      (if (i32.ne (call $index) (local.get $mine)) (then (call $add (i32.const 8) (i32.const 1))))
      (call $add (i32.const 0) (i32.const 1)))
    (func $ends (type $start) (param i32)
      (call $add (i32.const 0) (i32.const 1)))
    (elem (table $functions) (i32.const 0) (ref null (shared func)) (ref.func $tells) (ref.func $ends))

    (func (export "index") (result i32) (call $index))

    ;; How many of $count threads that live at once saw another index than the spawn gave, or one that is 0 or the caller's.
    (func (export "wrong") (param $count i32) (result i32)
      (local $each i32) (local $wrong i32) (local $given i32)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (i32.atomic.store (i32.const 4) (i32.const 0))
      (i32.atomic.store (i32.const 8) (i32.const 0))
      (loop $again
        (i32.store offset=2048 (i32.shl (local.get $each) (i32.const 2)) (call $spawn (i32.const 0) (local.get $each)))
        (local.set $each (i32.add (local.get $each) (i32.const 1)))
        (br_if $again (i32.ne (local.get $each) (local.get $count))))
      (call $add (i32.const 4) (i32.const 1))
      (call $await (i32.const 0) (local.get $count))
      (loop $again
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (local.set $given (i32.load offset=2048 (i32.shl (local.get $each) (i32.const 2))))
        (local.set $wrong (i32.add (local.get $wrong)
          (i32.or
            (i32.ne (local.get $given) (i32.load offset=1024 (i32.shl (local.get $each) (i32.const 2))))
            (i32.or (i32.eqz (local.get $given)) (i32.eq (local.get $given) (call $index))))))
        (br_if $again (local.get $each)))
      (i32.add (local.get $wrong) (i32.load (i32.const 8))))

    ;; Spawns one thread after the other until the first one's index comes back.
    (func (export "reuse") (result i32)
      (local $first i32) (local $threads i32)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (local.set $first (call $spawn (i32.const 1) (i32.const 0)))
      (loop $again
        (local.set $threads (i32.add (local.get $threads) (i32.const 1)))
        (call $await (i32.const 0) (local.get $threads))
        (br_if $again (i32.ne (call $spawn (i32.const 1) (i32.const 0)) (local.get $first))))
      (i32.const 1)))

  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance (export "spawn" (func $spawn)) (export "index" (func $index))))))
  (func (export "index") (result u32) (canon lift (core func $main "index")))
  (func (export "wrong") (param "count" u32) (result u32) (canon lift (core func $main "wrong")))
  (func (export "reuse") (result bool) (canon lift (core func $main "reuse"))))

(component instance $table $Table)
;;; IDX-02 IDX-05 IDX-06
(assert_return (invoke $table "index") (u32.const 1))
;;; IDX-07 IDX-12
(assert_return (invoke $table "index") (u32.const 1))
;;; IDX-02 IDX-05
(assert_return (invoke $table "wrong" (u32.const 1)) (u32.const 0))
;;; IDX-02 IDX-05
(assert_return (invoke $table "wrong" (u32.const 100)) (u32.const 0))
;;; IDX-07 IDX-12
(assert_return (invoke $table "reuse") (bool.const true))

;; Each instance has a table of its own.
(component instance $another $Table)
;;; IDX-04 IDX-06
(assert_return (invoke $another "index") (u32.const 1))

;; Built-ins that are lifted as they are.
(component definition $Lifted
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (canon thread.index (core func $index))
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))
  (canon thread.available-parallelism shared (core func $parallelism))
  (canon thread.yield (core func $yield))
  (core instance $builtins (export "index" (func $index)))
  (func (export "index") (result u32) (canon lift (core func $builtins "index")))
  (func (export "get") (result u32) (canon lift (core func $get)))
  (func (export "set") (param "value" u32) (canon lift (core func $set)))
  (func (export "parallelism") (result u32) (canon lift (core func $parallelism)))
  (func (export "yield") (result u32) (canon lift (core func $yield))))
(component instance $lifted $Lifted)
(assert_return (invoke $lifted "index") (u32.const 1))
(assert_return (invoke $lifted "set" (u32.const 5)))
;; Each call is a thread of its own.
(assert_return (invoke $lifted "get") (u32.const 0))
(assert_return (invoke $lifted "yield") (u32.const 0))
