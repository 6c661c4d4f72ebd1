;;! shared-everything = true
;; A thread that yields stays ready, and lets others run.

(component definition $C
  (core module $table (table (export "t") 4 funcref))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table "t")))
  (core func $later (canon thread.resume-later))
  (core func $yield (canon thread.yield))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "later" (func $later (param i32)))
    (import "" "yield" (func $yield (result i32)))
    (global $done (mut i32) (i32.const 0))
    (func $twice (param i32)
      (global.set $done (i32.add (global.get $done) (i32.const 1)))
      (drop (call $yield))
      (global.set $done (i32.add (global.get $done) (i32.const 1))))
    (elem (i32.const 0) func $twice)

    (func (export "alone") (result i32) (call $yield))

    ;; Who runs first is not specified. All run if all yield.
    (func (export "turns") (result i32)
      (global.set $done (i32.const 0))
      (call $later (call $new (i32.const 0) (i32.const 0)))
      (call $later (call $new (i32.const 0) (i32.const 0)))
      (loop $again
        (drop (call $yield))
        (br_if $again (i32.ne (global.get $done) (i32.const 4))))
      (global.get $done)))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "new" (func $new))
    (export "later" (func $later))
    (export "yield" (func $yield))))))
  (func (export "alone") async (result u32) (canon lift (core func $main "alone")))
  (func (export "alone-sync") (result u32) (canon lift (core func $main "alone")))
  (func (export "turns") async (result u32) (canon lift (core func $main "turns"))))

(component instance $C $C)
;;; SCH-04
(assert_return (invoke "alone") (u32.const 0))
;;; SYN-04
(assert_return (invoke "alone-sync") (u32.const 0))
;;; YLD-01
(assert_return (invoke "turns") (u32.const 4))
