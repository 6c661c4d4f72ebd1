;; thread.new-indirect with cooperative threads: what it checks, in which order, and what the new thread is.
;;! shared-everything = true

(component definition $New
  (core module $Functions (table (export "functions") 8 8 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.yield (core func $yield))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (canon thread.resume-later (core func $resume-later))

  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions 8 8 funcref))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "yield" (func $yield (result i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (tag $error)
    (global $main (mut i32) (i32.const 0))
    (global $argument (mut i32) (i32.const 0))
    (global $runs (mut i32) (i32.const 0))

    (func $record (type $start) (param $argument i32)
      (global.set $argument (local.get $argument))
      (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
      (call $resume-later (global.get $main)))
    (func $other-type (param i64))
    (func $throws (type $start) (param i32) (throw $error))
    (func $traps (type $start) (param i32) unreachable)
    ;; The elements from 4 on stay null.
    (elem (table $functions) (i32.const 0) func $record $other-type $throws $traps)

    (func (export "new") (param $element i32) (result i32) (call $new (local.get $element) (i32.const 0)))
    (func $run (param $thread i32)
      (global.set $main (call $index))
      (drop (call $suspend-then-resume (local.get $thread))))
    (func (export "argument") (param $argument i32) (result i32)
      (call $run (call $new (i32.const 0) (local.get $argument)))
      (global.get $argument))
    (func (export "read-once") (param $argument i32) (result i32)
      (local $thread i32)
      (table.set $functions (i32.const 7) (ref.func $record))
      (local.set $thread (call $new (i32.const 7) (local.get $argument)))
      (table.set $functions (i32.const 7) (ref.func $traps))
      (call $run (local.get $thread))
      (global.get $argument))
    ;; How often a thread has run before it was resumed, although others had their turn.
    (func (export "runs") (result i32)
      (local $round i32)
      (global.set $runs (i32.const 0))
      (drop (call $new (i32.const 0) (i32.const 0)))
      (loop $again
        (drop (call $yield))
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.ne (local.get $round) (i32.const 10))))
      (global.get $runs))
    (func (export "throw")
      (call $run (call $new (i32.const 2) (i32.const 0)))))

  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "yield" (func $yield))
      (export "suspend-then-resume" (func $suspend-then-resume))
      (export "resume-later" (func $resume-later))))))
  (func (export "new") (param "element" u32) (result u32) (canon lift (core func $main "new")))
  (func (export "argument") async (param "argument" u32) (result u32) (canon lift (core func $main "argument")))
  (func (export "argument-sync") (param "argument" u32) (result u32) (canon lift (core func $main "argument")))
  (func (export "read-once") async (param "argument" u32) (result u32) (canon lift (core func $main "read-once")))
  (func (export "runs") async (result u32) (canon lift (core func $main "runs")))
  (func (export "throw") async (canon lift (core func $main "throw"))))

(component instance $new $New)
;; Index 0 of the table is an element like any other.
;;; NEW-11 NEW-13
(assert_return (invoke $new "new" (u32.const 0)) (u32.const 2))
;;; NEW-12
(assert_return (invoke $new "runs") (u32.const 0))
;;; NEW-14 NEW-15 NEW-16
(assert_return (invoke $new "argument" (u32.const 0xdeadbeef)) (u32.const 0xdeadbeef))
;; In a call that is not async, too, since nothing blocks.
;;; NEW-14 NEW-16 STR-05
(assert_return (invoke $new "argument-sync" (u32.const 41)) (u32.const 41))
;;; NEW-14
(assert_return (invoke $new "read-once" (u32.const 42)) (u32.const 42))

;;; NEW-08
(assert_trap (invoke $new "new" (u32.const 8)) "undefined element")
(component instance $new $New)
;;; NEW-08
(assert_trap (invoke $new "new" (u32.const 0xffffffff)) "undefined element")
(component instance $new $New)
;;; NEW-09
(assert_trap (invoke $new "new" (u32.const 4)) "uninitialized")
(component instance $new $New)
;;; NEW-10
(assert_trap (invoke $new "new" (u32.const 1)) "does not match")
(component instance $new $New)
;;; NEW-14
(assert_trap (invoke $new "throw") "exception")

;; The instance may not be left during post-return, and that is checked first, before an element that is out of bounds.
(component definition $Leave
  (core module $Functions (table (export "functions") 1 1 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (core module $Main
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (func (export "run"))
    (func (export "post-return") (drop (call $new (i32.const 99) (i32.const 0)))))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "new" (func $new))))))
  (func (export "run") (canon lift (core func $main "run") (post-return (core func $main "post-return")))))

(component instance $leave $Leave)
;;; NEW-06 NEW-07 LV-01
(assert_trap (invoke $leave "run") "cannot leave component instance")

;; Start functions of 64 bits, functions of a subtype, tables of one function type, and tables of 64 bits.
;;; NEW-03
(component definition $WideStart
  (core type $start (func (param i64)))
  (core module $Functions
    (type $start (func (param i64)))
    (table (export "functions") 1 1 funcref))
  (core instance $functions (instantiate $Functions))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (core module $Main
    (type $start (func (param i64)))
    (import "functions" "functions" (table $functions 1 1 funcref))
    (import "thread" "new" (func $new (param i32 i64) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i64) (i64.const 0))
    (func $wakes (type $start) (param $value i64)
      (global.set $seen (local.get $value))
      (call $resume-later (global.get $main)))
    (elem (table $functions) (i32.const 0) func $wakes)
    (func (export "run") (param $element i32) (param $value i64) (result i64)
      (global.set $main (call $index))
      (drop (call $suspend-then-resume (call $new (local.get $element) (local.get $value))))
      (global.get $seen)))
  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "resume-later" (func $resume-later))
      (export "suspend-then-resume" (func $suspend-then-resume))))))
  (func (export "run") (param "element" u32) (param "value" u64) (result u64)
    (canon lift (core func $main "run"))))
(component instance $wide-start $WideStart)
;;; NEW-03
(assert_return (invoke $wide-start "run" (u32.const 0) (u64.const 0x0123456789abcdef)) (u64.const 0x0123456789abcdef))
(component definition $Subtype
  (core type $start (sub (func (param i32))))
  (core module $Functions
    (type $start (sub (func (param i32))))
    (type $sub (sub $start (func (param i32))))
    (table (export "functions") 1 1 funcref))
  (core instance $functions (instantiate $Functions))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (core module $Main
    (type (func (param i32)))
    (type $start (sub (func (param i32))))
    (type $sub (sub $start (func (param i32))))
    (import "functions" "functions" (table $functions 1 1 funcref))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i32) (i32.const 0))
    (func $wakes (type $sub) (param $value i32)
      (global.set $seen (local.get $value))
      (call $resume-later (global.get $main)))
    (elem (table $functions) (i32.const 0) func $wakes)
    (func (export "run") (param $element i32) (param $value i32) (result i32)
      (global.set $main (call $index))
      (drop (call $suspend-then-resume (call $new (local.get $element) (local.get $value))))
      (global.get $seen)))
  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "resume-later" (func $resume-later))
      (export "suspend-then-resume" (func $suspend-then-resume))))))
  (func (export "run") (param "element" u32) (param "value" u32) (result u32)
    (canon lift (core func $main "run"))))
(component instance $subtype $Subtype)
;;; NEW-10
(assert_return (invoke $subtype "run" (u32.const 0) (u32.const 5)) (u32.const 5))
;;; NEW-04
(component definition $TypedTable
  (core type $start (func (param i32)))
  (core module $Functions
    (type $start (func (param i32)))
    (table (export "functions") 1 1 (ref null $start)))
  (core instance $functions (instantiate $Functions))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions 1 1 (ref null $start)))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i32) (i32.const 0))
    (func $wakes (type $start) (param $value i32)
      (global.set $seen (local.get $value))
      (call $resume-later (global.get $main)))
    (elem (table $functions) (i32.const 0) (ref null $start) (ref.func $wakes))
    (func (export "run") (param $element i32) (param $value i32) (result i32)
      (global.set $main (call $index))
      (drop (call $suspend-then-resume (call $new (local.get $element) (local.get $value))))
      (global.get $seen)))
  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "resume-later" (func $resume-later))
      (export "suspend-then-resume" (func $suspend-then-resume))))))
  (func (export "run") (param "element" u32) (param "value" u32) (result u32)
    (canon lift (core func $main "run"))))
(component instance $typed-table $TypedTable)
;;; NEW-04
(assert_return (invoke $typed-table "run" (u32.const 0) (u32.const 5)) (u32.const 5))
;;; NEW-05
(component definition $WideTable
  (core type $start (func (param i32)))
  (core module $Functions
    (type $start (func (param i32)))
    (table (export "functions") i64 1 1 funcref))
  (core instance $functions (instantiate $Functions))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions i64 1 1 funcref))
    (import "thread" "new" (func $new (param i64 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i32) (i32.const 0))
    (func $wakes (type $start) (param $value i32)
      (global.set $seen (local.get $value))
      (call $resume-later (global.get $main)))
    (elem (table $functions) (i64.const 0) func $wakes)
    (func (export "run") (param $element i64) (param $value i32) (result i32)
      (global.set $main (call $index))
      (drop (call $suspend-then-resume (call $new (local.get $element) (local.get $value))))
      (global.get $seen)))
  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "resume-later" (func $resume-later))
      (export "suspend-then-resume" (func $suspend-then-resume))))))
  (func (export "run") (param "element" u64) (param "value" u32) (result u32)
    (canon lift (core func $main "run"))))
(component instance $wide-table $WideTable)
;;; NEW-05
(assert_return (invoke $wide-table "run" (u64.const 0) (u32.const 5)) (u32.const 5))
;;; NEW-05 NEW-08
(assert_trap (invoke $wide-table "run" (u64.const 0x100000000) (u32.const 5)) "undefined element")
