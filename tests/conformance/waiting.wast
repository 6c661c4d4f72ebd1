;; memory.atomic.wait and notify between threads, and a thread that ends.
;;! shared-everything = true

;; Waiting needs a shared memory, also where nothing would be waited for.
(module
  (memory 1 1)
  (func (export "wait32") (param i32) (result i32)
    (memory.atomic.wait32 (i32.const 0) (local.get 0) (i64.const 0)))
  (func (export "wait64") (param i64) (result i32)
    (memory.atomic.wait64 (i32.const 0) (local.get 0) (i64.const 0)))
  (func (export "notify") (result i32) (memory.atomic.notify (i32.const 0) (i32.const 1))))
;;; SETS-07
(assert_trap (invoke "wait32" (i32.const 0)) "expected shared memory")
;;; SETS-07
(assert_trap (invoke "wait32" (i32.const 1)) "expected shared memory")
;;; SETS-07
(assert_trap (invoke "wait64" (i64.const 1)) "expected shared memory")
(assert_return (invoke "notify") (i32.const 0))

(component definition $Waiting
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type (func (param i32)))
    (type (func (result i32)))
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)
    ;; 0 and 8: what threads wait for; 16: how many threads are done; 20: how many of them were notified; 24: a lock; 28: a
    ;; counter that it guards; 32: a baton.
    (func $waits32 (type $start) (param i32)
      (local $result i32)
      (local.set $result (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (if (i32.eqz (local.get $result)) (then (drop (i32.atomic.rmw.add (i32.const 20) (i32.const 1)))))
      (call $done (i32.const 0)))
    (func $waits64 (type $start) (param i32)
      (local $result i32)
      (local.set $result (memory.atomic.wait64 (i32.const 8) (i64.const 0) (i64.const -1)))
      (if (i32.eqz (local.get $result)) (then (drop (i32.atomic.rmw.add (i32.const 20) (i32.const 1)))))
      (call $done (i32.const 0)))
    (func $done (type $start) (param i32)
      (drop (i32.atomic.rmw.add (i32.const 16) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 16) (i32.const -1))))
    ;; A lock that sleeps: 0 free, 1 taken, 2 taken and somebody may wait.
    (func $locks (type $start) (param $rounds i32)
      (local $state i32)
      (loop $again
        (local.set $state (i32.atomic.rmw.cmpxchg (i32.const 24) (i32.const 0) (i32.const 1)))
        (if (local.get $state)
          (then
            (loop $taken
              (if (i32.atomic.rmw.xchg (i32.const 24) (i32.const 2))
                (then
                  (drop (memory.atomic.wait32 (i32.const 24) (i32.const 2) (i64.const -1)))
                  (br $taken))))))
        (i32.store (i32.const 28) (i32.add (i32.load (i32.const 28)) (i32.const 1)))
        (if (i32.ne (i32.atomic.rmw.sub (i32.const 24) (i32.const 1)) (i32.const 1))
          (then
            (i32.atomic.store (i32.const 24) (i32.const 0))
            (drop (memory.atomic.notify (i32.const 24) (i32.const 1)))))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $done (i32.const 0)))
    ;; Passes a baton on: waits until it shows this thread's number, modulo 4.
    (func $passes (type $start) (param $number i32)
      (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 32)))
        (if (i32.lt_u (local.get $seen) (i32.const 4000))
          (then
            (if (i32.eq (i32.and (local.get $seen) (i32.const 3)) (local.get $number))
              (then
                (i32.atomic.store (i32.const 32) (i32.add (local.get $seen) (i32.const 1)))
                (drop (memory.atomic.notify (i32.const 32) (i32.const -1))))
              (else
                (drop (memory.atomic.wait32 (i32.const 32) (local.get $seen) (i64.const -1)))))
            (br $again))))
      (call $done (i32.const 0)))
    (func $returns (type $start) (param i32))
    (elem declare (ref null $start)
      (ref.func $waits32) (ref.func $waits64) (ref.func $locks) (ref.func $passes) (ref.func $returns))
    (func $await (param $threads i32)
      (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 16)))
        (if (i32.ne (local.get $seen) (local.get $threads))
          (then
            (drop (memory.atomic.wait32 (i32.const 16) (local.get $seen) (i64.const -1)))
            (br $again)))))

    (func (export "not-equal") (result i32)
      (i32.store (i32.const 0) (i32.const 1))
      (i32.add
        (i32.mul (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)) (i32.const 10))
        (memory.atomic.wait64 (i32.const 8) (i64.const 1) (i64.const -1))))
    (func (export "timed-out") (result i32)
      (i32.add
        (i32.mul (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000)) (i32.const 10))
        (memory.atomic.wait64 (i32.const 8) (i64.const 0) (i64.const 0))))
    (func (export "unaligned") (drop (memory.atomic.wait32 (i32.const 1) (i32.const 0) (i64.const 0))))
    (func (export "beyond") (drop (memory.atomic.wait64 (i32.const 65536) (i64.const 0) (i64.const 0))))
    (func (export "notify-beyond") (drop (memory.atomic.notify (i32.const 65536) (i32.const 0))))
    ;; Notifies until all threads have come and gone. Each is notified exactly once, and each says so.
    (func (export "notify") (param $threads i32) (result i32)
      (local $each i32) (local $notified i32)
      (local.set $each (local.get $threads))
      (loop $again
        (if (i32.and (local.get $each) (i32.const 1))
          (then (drop (call $spawn (ref.func $waits32) (i32.const 0))))
          (else (drop (call $spawn (ref.func $waits64) (i32.const 0)))))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (loop $again
        (local.set $notified
          (i32.add (local.get $notified) (memory.atomic.notify (i32.const 0) (i32.const 1))))
        (local.set $notified
          (i32.add (local.get $notified) (memory.atomic.notify (i32.const 8) (i32.const 2))))
        (br_if $again (i32.lt_u (i32.atomic.load (i32.const 16)) (local.get $threads))))
      (i32.add (i32.mul (local.get $notified) (i32.const 1000)) (i32.load (i32.const 20))))
    (func (export "lock") (param $rounds i32) (result i32)
      (drop (call $spawn (ref.func $locks) (local.get $rounds)))
      (drop (call $spawn (ref.func $locks) (local.get $rounds)))
      (drop (call $spawn (ref.func $locks) (local.get $rounds)))
      (drop (call $spawn (ref.func $locks) (local.get $rounds)))
      (call $await (i32.const 4))
      (i32.load (i32.const 28)))
    (func (export "baton") (result i32)
      (drop (call $spawn (ref.func $passes) (i32.const 0)))
      (drop (call $spawn (ref.func $passes) (i32.const 1)))
      (drop (call $spawn (ref.func $passes) (i32.const 2)))
      (drop (call $spawn (ref.func $passes) (i32.const 3)))
      (call $await (i32.const 4))
      (i32.load (i32.const 32)))
    ;; Nobody knows when these end; the call returns all the same.
    (func (export "returns") (param $threads i32) (result i32)
      (local $each i32)
      (local.set $each (local.get $threads))
      (loop $again
        (if (i32.eqz (call $spawn (ref.func $returns) (i32.const 0))) (then unreachable))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (local.get $threads)))
  (core instance $main (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "not-equal") (result u32) (canon lift (core func $main "not-equal")))
  (func (export "timed-out") (result u32) (canon lift (core func $main "timed-out")))
  (func (export "unaligned") (canon lift (core func $main "unaligned")))
  (func (export "beyond") (canon lift (core func $main "beyond")))
  (func (export "notify-beyond") (canon lift (core func $main "notify-beyond")))
  (func (export "notify") (param "threads" u32) (result u32) (canon lift (core func $main "notify")))
  (func (export "lock") (param "rounds" u32) (result u32) (canon lift (core func $main "lock")))
  (func (export "baton") (result u32) (canon lift (core func $main "baton")))
  (func (export "returns") (param "threads" u32) (result u32) (canon lift (core func $main "returns"))))

(component instance $waiting $Waiting)
;;; SPAWN-IND-19
(assert_return (invoke $waiting "notify" (u32.const 40)) (u32.const 40040))
(component instance $waiting $Waiting)
(assert_return (invoke $waiting "timed-out") (u32.const 22))
(assert_return (invoke $waiting "not-equal") (u32.const 11))
(component instance $waiting $Waiting)
(assert_return (invoke $waiting "lock" (u32.const 5000)) (u32.const 20000))
(component instance $waiting $Waiting)
(assert_return (invoke $waiting "baton") (u32.const 4000))
;;; SETS-09
(assert_return (invoke $waiting "returns" (u32.const 500)) (u32.const 500))
(assert_trap (invoke $waiting "unaligned") "unaligned atomic")
(component instance $waiting $Waiting)
(assert_trap (invoke $waiting "beyond") "out of bounds memory access")
(component instance $waiting $Waiting)
(assert_trap (invoke $waiting "notify-beyond") "out of bounds memory access")
