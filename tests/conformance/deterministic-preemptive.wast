;; The deterministic profile with preemptive threads: spawns return 0 and start nothing, one thread is all the parallelism
;; there is, and what is left of threads works as ever.
;;! shared-everything = true
;;! deterministic = true

(component definition $Preemptive
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 4 4 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn-ref))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn-indirect))
  (canon thread.available-parallelism shared (core func $parallelism))
  (canon thread.new-indirect $start (core table $state "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.yield (core func $yield))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend (core func $suspend))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (canon thread.yield-then-promote (core func $yield-then-promote))
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))

  (core module $Main
    (type (func (param i32)))
    (type (func (result i32)))
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $get (shared (func (result i32))))
    (type $change (shared (func (param i32) (result i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $spawn-ref (shared (func (param (ref null $start) i32) (result i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "functions" (table $functions shared 4 4 (ref null (shared func))))
    (import "thread" "spawn-ref" (func $spawn-ref (type $spawn-ref)))
    (import "thread" "spawn-indirect" (func $spawn-indirect (type $spawn)))
    (import "thread" "available-parallelism" (func $parallelism (type $get)))
    (import "thread" "new" (func $new (type $spawn)))
    (import "thread" "index" (func $index (type $get)))
    (import "thread" "yield" (func $yield (type $get)))
    (import "thread" "resume-later" (func $resume-later (type $start)))
    (import "thread" "suspend" (func $suspend (type $get)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (type $change)))
    (import "thread" "yield-then-promote" (func $yield-then-promote (type $change)))
    (import "context" "get" (func $get (type $get)))
    (import "context" "set" (func $set (type $start)))

    ;; 0: how many threads ran; 4: the first thread; 8: what happened, in decimal digits.
    (func $note (type $start) (param $digit i32)
      (i32.store (i32.const 8) (i32.add (i32.mul (i32.load (i32.const 8)) (i32.const 10)) (local.get $digit))))
    (func $runs (type $start) (param i32)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
    (func $notes (type $start) (param $digit i32)
      (if (call $get) (then unreachable))
      (call $set (local.get $digit))
      (call $note (local.get $digit))
      (drop (call $yield))
      (call $note (call $get)))
    (func $wakes (type $start) (param $digit i32)
      (call $note (local.get $digit))
      (call $resume-later (i32.load (i32.const 4))))
    (func $other-type (type $get) (result i32) (i32.const 0))
    ;; The element 3 is of another type, and there are none from 4 on.
    (elem (table $functions) (i32.const 0) (ref null (shared func))
      (ref.func $runs) (ref.func $notes) (ref.func $wakes) (ref.func $other-type))

    (func $begin
      (i32.store (i32.const 0) (i32.const 0))
      (i32.store (i32.const 4) (call $index))
      (i32.store (i32.const 8) (i32.const 0)))
    (func $turns
      (local $turn i32)
      (loop $again
        (drop (call $yield))
        (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
        (br_if $again (i32.ne (local.get $turn) (i32.const 100)))))

    (func (export "spawn-ref") (result i32) (call $spawn-ref (ref.func $runs) (i32.const 0)))
    (func (export "spawn-null") (result i32) (call $spawn-ref (ref.null $start) (i32.const 0)))
    (func (export "spawn-indirect") (param $element i32) (result i32)
      (call $spawn-indirect (local.get $element) (i32.const 0)))
    ;; Spawns, then lets others run: nobody does.
    (func (export "started") (result i32)
      (call $begin)
      (drop (call $spawn-ref (ref.func $runs) (i32.const 0)))
      (drop (call $spawn-indirect (i32.const 0) (i32.const 0)))
      (call $turns)
      (i32.load (i32.const 0)))
    (func (export "parallelism") (result i32) (call $parallelism))
    (func (export "index") (result i32) (call $index))
    ;; A spawn takes no index: the next thread has the index after the caller's.
    (func (export "next-index") (result i32)
      (drop (call $spawn-ref (ref.func $runs) (i32.const 0)))
      (call $new (i32.const 0) (i32.const 0)))

    (func (export "new-and-resume") (result i32)
      (call $begin)
      (call $resume-later (call $new (i32.const 2) (i32.const 2)))
      (call $note (i32.const 1))
      (drop (call $suspend))
      (call $note (i32.const 3))
      (i32.load (i32.const 8)))
    (func (export "switch") (result i32)
      (call $begin)
      (call $note (i32.const 1))
      (drop (call $suspend-then-resume (call $new (i32.const 2) (i32.const 2))))
      (call $note (i32.const 3))
      (i32.load (i32.const 8)))
    ;; One yield is enough for each ready thread to run. The order is weft's own, and always the same: who became ready first
    ;; comes first.
    (func (export "order") (result i32)
      (call $begin)
      (call $resume-later (call $new (i32.const 1) (i32.const 1)))
      (call $resume-later (call $new (i32.const 1) (i32.const 2)))
      (call $resume-later (call $new (i32.const 1) (i32.const 3)))
      (drop (call $yield))
      (call $note (i32.const 4))
      (drop (call $yield))
      (call $note (i32.const 5))
      (i32.load (i32.const 8)))
    ;; Each of many yields lets the thread run that is ready. The result is how many did.
    (func (export "yield-blocks") (result i32)
      (local $round i32)
      (call $begin)
      (loop $again
        (call $resume-later (call $new (i32.const 0) (i32.const 0)))
        (drop (call $yield))
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.and (i32.eq (i32.load (i32.const 0)) (local.get $round))
                               (i32.ne (local.get $round) (i32.const 1000)))))
      (i32.load (i32.const 0)))
    (func (export "context") (result i32)
      (call $set (i32.const 7))
      (drop (call $spawn-ref (ref.func $runs) (i32.const 0)))
      (call $get))
    (func (export "entry") (result i32) (call $get))

    (func (export "run") (result i32) (i32.const 0))
    (func (export "post-return") (param i32)
      (drop (call $spawn-indirect (i32.const 99) (i32.const 0))))
    (func (export "post-return-ref") (param i32)
      (drop (call $spawn-ref (ref.null $start) (i32.const 0)))))

  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance
      (export "spawn-ref" (func $spawn-ref))
      (export "spawn-indirect" (func $spawn-indirect))
      (export "available-parallelism" (func $parallelism))
      (export "new" (func $new))
      (export "index" (func $index))
      (export "yield" (func $yield))
      (export "resume-later" (func $resume-later))
      (export "suspend" (func $suspend))
      (export "suspend-then-resume" (func $suspend-then-resume))
      (export "yield-then-promote" (func $yield-then-promote))))
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (func (export "spawn-ref") (result u32) (canon lift (core func $main "spawn-ref")))
  (func (export "spawn-null") (result u32) (canon lift (core func $main "spawn-null")))
  (func (export "spawn-indirect") (param "element" u32) (result u32) (canon lift (core func $main "spawn-indirect")))
  (func (export "started") (result u32) (canon lift (core func $main "started")))
  (func (export "parallelism") (result u32) (canon lift (core func $main "parallelism")))
  (func (export "index") (result u32) (canon lift (core func $main "index")))
  (func (export "next-index") (result u32) (canon lift (core func $main "next-index")))
  (func (export "new-and-resume") (result u32) (canon lift (core func $main "new-and-resume")))
  (func (export "switch") (result u32) (canon lift (core func $main "switch")))
  (func (export "order") (result u32) (canon lift (core func $main "order")))
  (func (export "yield-blocks") (result u32) (canon lift (core func $main "yield-blocks")))
  (func (export "context") (result u32) (canon lift (core func $main "context")))
  (func (export "entry") (result u32) (canon lift (core func $main "entry")))
  (func (export "leave") (result u32)
    (canon lift (core func $main "run") (post-return (core func $main "post-return"))))
  (func (export "leave-ref") (result u32)
    (canon lift (core func $main "run") (post-return (core func $main "post-return-ref")))))

(component instance $preemptive $Preemptive)
;;; DET-01
(assert_return (invoke $preemptive "spawn-ref") (u32.const 0))
;;; DET-01 SPAWN-REF-10 SPAWN-REF-11
(assert_return (invoke $preemptive "spawn-null") (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $preemptive "spawn-indirect" (u32.const 0)) (u32.const 0))
;; An element of another type, and one out of bounds.
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $preemptive "spawn-indirect" (u32.const 3)) (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $preemptive "spawn-indirect" (u32.const 99)) (u32.const 0))
;;; DET-01
(assert_return (invoke $preemptive "started") (u32.const 0))
;;; DET-02 PAR-08
(assert_return (invoke $preemptive "parallelism") (u32.const 1))
;;; DET-06
(assert_return (invoke $preemptive "index") (u32.const 1))
;;; DET-01 DET-04
(assert_return (invoke $preemptive "next-index") (u32.const 2))

(component instance $preemptive $Preemptive)
;;; DET-04
(assert_return (invoke $preemptive "new-and-resume") (u32.const 123))
;;; DET-04
(assert_return (invoke $preemptive "switch") (u32.const 123))
;;; DET-03
(assert_return (invoke $preemptive "yield-blocks") (u32.const 1000))
;;; DET-03 DET-05 DET-06
(assert_return (invoke $preemptive "order") (u32.const 12341235))
;;; DET-06
(assert_return (invoke $preemptive "context") (u32.const 7))
;;; DET-06
(assert_return (invoke $preemptive "entry") (u32.const 0))

;; May-leave is checked first.
;;; DET-01 SPAWN-IND-11
(assert_trap (invoke $preemptive "leave") "cannot leave component instance")
(component instance $preemptive $Preemptive)
;;; DET-01 SPAWN-REF-09 SPAWN-REF-10
(assert_trap (invoke $preemptive "leave-ref") "cannot leave component instance")
