;; The deterministic profile with cooperative threads: spawns return 0 and start nothing, and all else works as ever.
;;! shared-everything = true
;;! deterministic = true

(component definition $Cooperative
  (core module $Functions
    (table (export "functions") 5 5 funcref)
    (table (export "long-functions") i64 5 5 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (core type $long (func (param i64)))
  (canon thread.spawn-ref $start (core func $spawn-ref))
  (canon thread.spawn-ref $long (core func $spawn-ref-long))
  (canon thread.spawn-indirect $start (core table $functions "functions") (core func $spawn-indirect))
  (canon thread.spawn-indirect $long (core table $functions "long-functions") (core func $spawn-indirect-long))
  (canon thread.available-parallelism (core func $parallelism))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.yield (core func $yield))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend (core func $suspend))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))

  (core module $Main
    (type $start (func (param i32)))
    (type $long (func (param i64)))
    (import "functions" "functions" (table $functions 5 5 funcref))
    (import "functions" "long-functions" (table $long-functions i64 5 5 funcref))
    (import "thread" "spawn-ref" (func $spawn-ref (param (ref null $start) i32) (result i32)))
    (import "thread" "spawn-ref-long" (func $spawn-ref-long (param (ref null $long) i64) (result i32)))
    (import "thread" "spawn-indirect" (func $spawn-indirect (param i32 i32) (result i32)))
    (import "thread" "spawn-indirect-long" (func $spawn-indirect-long (param i64 i64) (result i32)))
    (import "thread" "available-parallelism" (func $parallelism (result i32)))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "yield" (func $yield (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (import "context" "get" (func $get (result i32)))
    (import "context" "set" (func $set (param i32)))
    (global $runs (mut i32) (i32.const 0))
    (global $main (mut i32) (i32.const 0))
    ;; What happened, in decimal digits.
    (global $notes (mut i32) (i32.const 0))
    ;; What a spawn in a start function gives.
    (global $at-start (mut i32) (i32.const 7))

    (func $note (param $digit i32)
      (global.set $notes (i32.add (i32.mul (global.get $notes) (i32.const 10)) (local.get $digit))))
    (func $counts (type $start) (global.set $runs (i32.add (global.get $runs) (i32.const 1))))
    (func $counts-long (type $long) (call $counts (i32.const 0)))
    (func $wakes (type $start) (call $note (local.get 0)) (call $resume-later (global.get $main)))
    (func $notes-twice (type $start)
      (if (call $get) (then unreachable))
      (call $set (local.get 0))
      (call $note (local.get 0))
      (drop (call $yield))
      (call $note (call $get)))
    (func $other-type (param f32))
    ;; There is nothing at 4, and nothing from 5 on.
    (elem (table $functions) (i32.const 0) func $counts $wakes $notes-twice $other-type)
    (elem (table $long-functions) (i64.const 0) func $counts-long $wakes $notes-twice $other-type)

    (func $starts (global.set $at-start (call $spawn-indirect (i32.const 0) (i32.const 0))))
    (start $starts)

    (func $begin
      (global.set $runs (i32.const 0))
      (global.set $notes (i32.const 0))
      (global.set $main (call $index)))
    (func (export "spawn-ref") (result i32)
      (i32.or (call $spawn-ref (ref.func $counts) (i32.const 0))
              (call $spawn-ref-long (ref.func $counts-long) (i64.const 0))))
    (func (export "spawn-null") (result i32)
      (i32.or (call $spawn-ref (ref.null $start) (i32.const 0)) (call $spawn-ref-long (ref.null $long) (i64.const 0))))
    (func (export "spawn-indirect") (param $element i32) (result i32)
      (call $spawn-indirect (local.get $element) (i32.const 0)))
    (func (export "spawn-indirect-long") (param $element i64) (result i32)
      (call $spawn-indirect-long (local.get $element) (i64.const 0)))
    (func (export "spawned-at-start") (result i32) (global.get $at-start))
    ;; Spawns, then lets others run: nobody does.
    (func (export "started") (result i32)
      (local $turn i32)
      (call $begin)
      (drop (call $spawn-ref (ref.func $counts) (i32.const 0)))
      (drop (call $spawn-ref-long (ref.func $counts-long) (i64.const 0)))
      (drop (call $spawn-indirect (i32.const 0) (i32.const 0)))
      (drop (call $spawn-indirect-long (i64.const 0) (i64.const 0)))
      (loop $again
        (drop (call $yield))
        (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
        (br_if $again (i32.ne (local.get $turn) (i32.const 100))))
      (global.get $runs))
    (func (export "parallelism") (result i32) (call $parallelism))
    (func (export "index") (result i32) (call $index))
    ;; A spawn takes no index: the next thread has the index after the caller's.
    (func (export "next-index") (result i32)
      (drop (call $spawn-ref (ref.func $counts) (i32.const 0)))
      (call $new (i32.const 0) (i32.const 0)))

    (func (export "new-and-resume") (result i32)
      (call $begin)
      (call $resume-later (call $new (i32.const 1) (i32.const 2)))
      (call $note (i32.const 1))
      (drop (call $suspend))
      (call $note (i32.const 3))
      (global.get $notes))
    (func (export "switch") (result i32)
      (call $begin)
      (call $note (i32.const 1))
      (drop (call $suspend-then-resume (call $new (i32.const 1) (i32.const 2))))
      (call $note (i32.const 3))
      (global.get $notes))
    ;; Each of many yields lets the thread run that is ready. The result is how many did.
    (func (export "yield-blocks") (result i32)
      (local $round i32)
      (call $begin)
      (loop $again
        (call $resume-later (call $new (i32.const 0) (i32.const 0)))
        (drop (call $yield))
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.and (i32.eq (global.get $runs) (local.get $round))
                               (i32.ne (local.get $round) (i32.const 1000)))))
      (global.get $runs))
    ;; The order is that in which threads became ready, and always the same.
    (func (export "order") (result i32)
      (call $begin)
      (call $resume-later (call $new (i32.const 2) (i32.const 1)))
      (call $resume-later (call $new (i32.const 2) (i32.const 2)))
      (call $resume-later (call $new (i32.const 2) (i32.const 3)))
      (drop (call $yield))
      (call $note (i32.const 4))
      (drop (call $yield))
      (call $note (i32.const 5))
      (global.get $notes))
    (func (export "context") (result i32)
      (call $set (i32.const 7))
      (drop (call $spawn-ref (ref.func $counts) (i32.const 0)))
      (call $get))
    (func (export "entry") (result i32) (call $get))

    (func (export "run") (result i32) (i32.const 0))
    (func (export "post-return") (param i32)
      (drop (call $spawn-indirect (i32.const 99) (i32.const 0))))
    (func (export "post-return-ref") (param i32)
      (drop (call $spawn-ref (ref.null $start) (i32.const 0)))))

  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "spawn-ref" (func $spawn-ref))
      (export "spawn-ref-long" (func $spawn-ref-long))
      (export "spawn-indirect" (func $spawn-indirect))
      (export "spawn-indirect-long" (func $spawn-indirect-long))
      (export "available-parallelism" (func $parallelism))
      (export "new" (func $new))
      (export "index" (func $index))
      (export "yield" (func $yield))
      (export "resume-later" (func $resume-later))
      (export "suspend" (func $suspend))
      (export "suspend-then-resume" (func $suspend-then-resume))))
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (func (export "spawn-ref") (result u32) (canon lift (core func $main "spawn-ref")))
  (func (export "spawn-null") (result u32) (canon lift (core func $main "spawn-null")))
  (func (export "spawn-indirect") (param "element" u32) (result u32) (canon lift (core func $main "spawn-indirect")))
  (func (export "spawn-indirect-long") (param "element" u64) (result u32)
    (canon lift (core func $main "spawn-indirect-long")))
  (func (export "spawned-at-start") (result u32) (canon lift (core func $main "spawned-at-start")))
  (func (export "started") async (result u32) (canon lift (core func $main "started")))
  (func (export "parallelism") (result u32) (canon lift (core func $main "parallelism")))
  (func (export "index") (result u32) (canon lift (core func $main "index")))
  (func (export "next-index") (result u32) (canon lift (core func $main "next-index")))
  (func (export "new-and-resume") async (result u32) (canon lift (core func $main "new-and-resume")))
  (func (export "switch") async (result u32) (canon lift (core func $main "switch")))
  (func (export "yield-blocks") async (result u32) (canon lift (core func $main "yield-blocks")))
  (func (export "yield-blocks-not-async") (result u32) (canon lift (core func $main "yield-blocks")))
  (func (export "order") async (result u32) (canon lift (core func $main "order")))
  (func (export "context") (result u32) (canon lift (core func $main "context")))
  (func (export "entry") (result u32) (canon lift (core func $main "entry")))
  (func (export "leave") (result u32)
    (canon lift (core func $main "run") (post-return (core func $main "post-return"))))
  (func (export "leave-ref") (result u32)
    (canon lift (core func $main "run") (post-return (core func $main "post-return-ref")))))

(component instance $cooperative $Cooperative)
;;; DET-01
(assert_return (invoke $cooperative "spawn-ref") (u32.const 0))
;;; DET-01 SPAWN-REF-10 SPAWN-REF-11
(assert_return (invoke $cooperative "spawn-null") (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect" (u32.const 0)) (u32.const 0))
;; An element of another type, a null, and one out of bounds.
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect" (u32.const 3)) (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect" (u32.const 4)) (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect" (u32.const 99)) (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect-long" (u64.const 0)) (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect-long" (u64.const 3)) (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect-long" (u64.const 0x1_0000_0000)) (u32.const 0))
;;; DET-01
(assert_return (invoke $cooperative "spawned-at-start") (u32.const 0))
;;; DET-01
(assert_return (invoke $cooperative "started") (u32.const 0))
;;; DET-02 PAR-08
(assert_return (invoke $cooperative "parallelism") (u32.const 1))
;;; DET-06
(assert_return (invoke $cooperative "index") (u32.const 1))
;;; DET-01 DET-04
(assert_return (invoke $cooperative "next-index") (u32.const 2))

(component instance $cooperative $Cooperative)
;;; DET-04
(assert_return (invoke $cooperative "new-and-resume") (u32.const 123))
;;; DET-04
(assert_return (invoke $cooperative "switch") (u32.const 123))
;;; DET-03
(assert_return (invoke $cooperative "yield-blocks") (u32.const 1000))
;;; DET-03
(assert_return (invoke $cooperative "yield-blocks-not-async") (u32.const 1000))
;;; DET-03 DET-05 DET-06
(assert_return (invoke $cooperative "order") (u32.const 12341235))
;;; DET-06
(assert_return (invoke $cooperative "context") (u32.const 7))
;;; DET-06
(assert_return (invoke $cooperative "entry") (u32.const 0))

;; May-leave is checked first.
;;; DET-01 SPAWN-IND-11
(assert_trap (invoke $cooperative "leave") "cannot leave component instance")
(component instance $cooperative $Cooperative)
;;; DET-01 SPAWN-REF-09 SPAWN-REF-10
(assert_trap (invoke $cooperative "leave-ref") "cannot leave component instance")
