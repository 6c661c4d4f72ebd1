;; The deterministic profile with cooperative threads: spawns return 0 and start nothing; threads made by other means take
;; turns as ever.
;;! shared-everything = true
;;! deterministic = true

(component definition $Cooperative
  (core module $Functions (table (export "functions") 4 4 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.spawn-ref $start (core func $spawn-ref))
  (canon thread.spawn-indirect $start (core table $functions "functions") (core func $spawn-indirect))
  (canon thread.available-parallelism (core func $parallelism))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.yield (core func $yield))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend (core func $suspend))
  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions 4 4 funcref))
    (import "thread" "spawn-ref" (func $spawn-ref (param (ref null $start) i32) (result i32)))
    (import "thread" "spawn-indirect" (func $spawn-indirect (param i32 i32) (result i32)))
    (import "thread" "available-parallelism" (func $parallelism (result i32)))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "yield" (func $yield (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (global $runs (mut i32) (i32.const 0))
    (global $main (mut i32) (i32.const 0))
    (func $count (type $start) (param i32) (global.set $runs (i32.add (global.get $runs) (i32.const 1))))
    (func $wakes (type $start) (param i32) (call $resume-later (global.get $main)))
    (func $other-type (param i64))
    (elem (table $functions) (i32.const 0) func $count $wakes $other-type)
    (func (export "spawn-ref") (result i32) (call $spawn-ref (ref.func $count) (i32.const 0)))
    (func (export "spawn-null") (result i32) (call $spawn-ref (ref.null $start) (i32.const 0)))
    (func (export "spawn-indirect") (param $element i32) (result i32)
      (call $spawn-indirect (local.get $element) (i32.const 0)))
    (func (export "started") (result i32)
      (local $turn i32)
      (global.set $runs (i32.const 0))
      (drop (call $spawn-ref (ref.func $count) (i32.const 0)))
      (drop (call $spawn-indirect (i32.const 0) (i32.const 0)))
      (loop $again
        (drop (call $yield))
        (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
        (br_if $again (i32.ne (local.get $turn) (i32.const 100))))
      (global.get $runs))
    (func (export "parallelism") (result i32) (call $parallelism))
    (func (export "cooperate") (result i32)
      (global.set $runs (i32.const 0))
      (global.set $main (call $index))
      (call $resume-later (call $new (i32.const 0) (i32.const 0)))
      (drop (call $yield))
      (call $resume-later (call $new (i32.const 1) (i32.const 0)))
      (drop (call $suspend))
      (global.get $runs)))
  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "spawn-ref" (func $spawn-ref))
      (export "spawn-indirect" (func $spawn-indirect))
      (export "available-parallelism" (func $parallelism))
      (export "new" (func $new))
      (export "index" (func $index))
      (export "yield" (func $yield))
      (export "resume-later" (func $resume-later))
      (export "suspend" (func $suspend))))))
  (func (export "spawn-ref") (result u32) (canon lift (core func $main "spawn-ref")))
  (func (export "spawn-null") (result u32) (canon lift (core func $main "spawn-null")))
  (func (export "spawn-indirect") (param "element" u32) (result u32) (canon lift (core func $main "spawn-indirect")))
  (func (export "started") async (result u32) (canon lift (core func $main "started")))
  (func (export "parallelism") (result u32) (canon lift (core func $main "parallelism")))
  (func (export "cooperate") async (result u32) (canon lift (core func $main "cooperate"))))

(component instance $cooperative $Cooperative)
;;; DET-01
(assert_return (invoke $cooperative "spawn-ref") (u32.const 0))
;;; DET-01 SPAWN-REF-10
(assert_return (invoke $cooperative "spawn-null") (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect" (u32.const 2)) (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect" (u32.const 3)) (u32.const 0))
;;; DET-01 SPAWN-IND-12
(assert_return (invoke $cooperative "spawn-indirect" (u32.const 99)) (u32.const 0))
;;; DET-01
(assert_return (invoke $cooperative "started") (u32.const 0))
;;; DET-02 PAR-08
(assert_return (invoke $cooperative "parallelism") (u32.const 1))
;;; DET-03 DET-04
(assert_return (invoke $cooperative "cooperate") (u32.const 1))
