;; thread.spawn-ref in a cooperative component: the reference is to a function of an unshared type.
;;! shared-everything = true

(component definition $Spawn
  (core type $start (func (param i32)))
  (canon thread.spawn-ref $start (core func $spawn))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (canon thread.resume-later (core func $resume-later))

  (core module $Main
    (type $start (func (param i32)))
    (import "thread" "spawn" (func $spawn (param (ref null $start) i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))

    (global $main (mut i32) (i32.const 0))
    (global $argument (mut i32) (i32.const 0))
    (global $seen (mut i32) (i32.const 0))
    (global $later (mut (ref null $start)) (ref.null $start))

    (func $record (type $start) (param $argument i32)
      (global.set $argument (local.get $argument))
      (global.set $seen (call $index))
      (call $resume-later (global.get $main)))
    (func $spawns (type $start) (param $argument i32)
      (drop (call $spawn (global.get $later) (local.get $argument))))
    (func $count (type $start) (param $argument i32)
      (global.set $seen (i32.add (global.get $seen) (i32.const 1))))
    (elem declare func $record $spawns $count)

    (func (export "argument") (param $argument i32) (result i32)
      (global.set $main (call $index))
      (drop (call $spawn (ref.func $record) (local.get $argument)))
      (drop (call $suspend))
      (global.get $argument))

    (func (export "index") (result i32)
      (local $thread i32)
      (global.set $main (call $index))
      (local.set $thread (call $spawn (ref.func $record) (i32.const 0)))
      (drop (call $suspend))
      (i32.and
        (i32.and
          (i32.ne (local.get $thread) (i32.const 0))
          (i32.ne (local.get $thread) (call $index)))
        (i32.eq (local.get $thread) (global.get $seen))))

    (func (export "before-blocking") (result i32)
      (local $round i32)
      (global.set $seen (i32.const 0))
      (drop (call $spawn (ref.func $count) (i32.const 0)))
      (drop (call $spawn (ref.func $count) (i32.const 0)))
      (loop $again
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.ne (local.get $round) (i32.const 1000000))))
      (global.get $seen))

    (func (export "through-global") (param $argument i32) (result i32)
      (global.set $main (call $index))
      (global.set $later (ref.func $record))
      (drop (call $spawn (ref.func $spawns) (local.get $argument)))
      (drop (call $suspend))
      (global.get $argument))

    (func (export "null") (result i32)
      (call $spawn (ref.null $start) (i32.const 0))))

  (core instance $main (instantiate $Main
    (with "thread" (instance
      (export "spawn" (func $spawn))
      (export "index" (func $index))
      (export "suspend" (func $suspend))
      (export "resume-later" (func $resume-later))))))
  (func (export "argument") async (param "argument" u32) (result u32) (canon lift (core func $main "argument")))
  (func (export "index") async (result bool) (canon lift (core func $main "index")))
  (func (export "before-blocking") (result u32) (canon lift (core func $main "before-blocking")))
  (func (export "through-global") async (param "argument" u32) (result u32)
    (canon lift (core func $main "through-global")))
  (func (export "null") (result u32) (canon lift (core func $main "null"))))

(component instance $spawn $Spawn)
;;; SPAWN-REF-13
(assert_return (invoke $spawn "before-blocking") (u32.const 0))

(component instance $spawn $Spawn)
;;; SPAWN-REF-07 SPAWN-REF-08
(assert_return (invoke $spawn "argument" (u32.const 0xdeadbeef)) (u32.const 0xdeadbeef))
;;; SPAWN-REF-07 SPAWN-REF-12
(assert_return (invoke $spawn "index") (bool.const true))
;;; SPAWN-REF-07 SPAWN-REF-13
(assert_return (invoke $spawn "through-global" (u32.const 9)) (u32.const 9))
;;; SPAWN-REF-11
(assert_trap (invoke $spawn "null") "uninitialized")

;; Arguments of 64 bits, and a function of a declared subtype.
(component definition $Wide
  (core type $start (sub (func (param i64))))
  (canon thread.spawn-ref $start (core func $spawn))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (canon thread.resume-later (core func $resume-later))
  (core module $Main
    (type $start (sub (func (param i64))))
    (type $sub (sub $start (func (param i64))))
    (import "thread" "spawn" (func $spawn (param (ref null $start) i64) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i64) (i64.const 0))
    (func $record (type $sub) (param $argument i64)
      (global.set $seen (local.get $argument))
      (call $resume-later (global.get $main)))
    (elem declare func $record)
    (func (export "argument") (param $argument i64) (result i64)
      (global.set $main (call $index))
      (drop (call $spawn (ref.func $record) (local.get $argument)))
      (drop (call $suspend))
      (global.get $seen)))
  (core instance $main (instantiate $Main
    (with "thread" (instance
      (export "spawn" (func $spawn))
      (export "index" (func $index))
      (export "suspend" (func $suspend))
      (export "resume-later" (func $resume-later))))))
  (func (export "argument") async (param "argument" u64) (result u64) (canon lift (core func $main "argument"))))

(component instance $wide $Wide)
;;; SPAWN-REF-06 SPAWN-REF-07
(assert_return (invoke $wide "argument" (u64.const 0x0123456789abcdef)) (u64.const 0x0123456789abcdef))

;; A start type with a supertype, in a recursion group with others, one of which the supertype's group has, too. Functions of
;; other types of the same shape are none to start with.
(component definition $Declared
  (core type $first (sub (func (param i32))))
  (core rec
    (type $before (sub (func (param (ref null $first)))))
    (type $above (sub $first (func (param i32)))))
  (core rec
    (type $start (sub $above (func (param i32))))
    (type $other (sub $before (func (param (ref null $first)))))
    (type $same (sub $above (func (param i32)))))
  (core module $Table (table (export "table") 5 5 funcref))
  (core instance $table (instantiate $Table))
  (alias core export $table "table" (core table $table))
  (canon thread.spawn-ref $start (core func $spawn))
  (canon thread.spawn-indirect $start $table (core func $spawn-indirect))
  (canon thread.new-indirect $start $table (core func $new))
  (canon thread.resume-later (core func $resume))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (core module $Main
    (type $first (sub (func (param i32))))
    (rec
      (type $before (sub (func (param (ref null $first)))))
      (type $above (sub $first (func (param i32)))))
    (rec
      (type $start (sub $above (func (param i32))))
      (type $other (sub $before (func (param (ref null $first)))))
      (type $same (sub $above (func (param i32)))))
    (type $sub (sub $start (func (param i32))))
    (type $plain (func (param i32)))
    (type $spawn (func (param (ref null $start) i32) (result i32)))
    (type $indirect (func (param i32 i32) (result i32)))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "thread" "spawn-indirect" (func $spawn-indirect (type $indirect)))
    (import "thread" "new" (func $new (type $indirect)))
    (import "thread" "resume" (func $resume (type $plain)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "table" "table" (table $t 5 5 funcref))
    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i32) (i32.const 0))
    (func $record (type $plain) (param $argument i32)
      (global.set $seen (local.get $argument))
      (call $resume (global.get $main)))
    (func $of-start (type $start) (param $argument i32) (call $record (local.get $argument)))
    (func $of-sub (type $sub) (param $argument i32)
      (call $record (i32.add (local.get $argument) (i32.const 100))))
    (func $of-above (type $above) (param $argument i32))
    (func $of-same (type $same) (param $argument i32))
    (elem (table $t) (i32.const 0) funcref
      (ref.func $of-start) (ref.func $of-sub) (ref.func $of-above) (ref.func $of-same) (ref.func $record))
    (func $wait (result i32)
      (global.set $main (call $index))
      (drop (call $suspend))
      (global.get $seen))
    (func (export "spawn") (param $argument i32) (result i32)
      (drop (call $spawn (ref.func $of-start) (local.get $argument)))
      (call $wait))
    (func (export "spawn-sub") (param $argument i32) (result i32)
      (drop (call $spawn (ref.func $of-sub) (local.get $argument)))
      (call $wait))
    (func (export "spawn-indirect") (param $element i32) (param $argument i32) (result i32)
      (drop (call $spawn-indirect (local.get $element) (local.get $argument)))
      (call $wait))
    (func (export "new") (param $element i32) (param $argument i32) (result i32)
      (call $resume (call $new (local.get $element) (local.get $argument)))
      (call $wait)))
  (core instance $main (instantiate $Main
    (with "table" (instance $table))
    (with "thread" (instance
      (export "spawn" (func $spawn)) (export "spawn-indirect" (func $spawn-indirect))
      (export "new" (func $new)) (export "resume" (func $resume))
      (export "index" (func $index)) (export "suspend" (func $suspend))))))
  (func (export "spawn") async (param "argument" u32) (result u32) (canon lift (core func $main "spawn")))
  (func (export "spawn-sub") async (param "argument" u32) (result u32) (canon lift (core func $main "spawn-sub")))
  (func (export "spawn-indirect") async (param "element" u32) (param "argument" u32) (result u32)
    (canon lift (core func $main "spawn-indirect")))
  (func (export "new") async (param "element" u32) (param "argument" u32) (result u32)
    (canon lift (core func $main "new"))))
(component instance $declared $Declared)
(assert_return (invoke $declared "spawn" (u32.const 7)) (u32.const 7))
(assert_return (invoke $declared "spawn-sub" (u32.const 7)) (u32.const 107))
(assert_return (invoke $declared "spawn-indirect" (u32.const 0) (u32.const 8)) (u32.const 8))
(assert_return (invoke $declared "spawn-indirect" (u32.const 1) (u32.const 8)) (u32.const 108))
(assert_return (invoke $declared "new" (u32.const 1) (u32.const 9)) (u32.const 109))
(assert_trap (invoke $declared "spawn-indirect" (u32.const 2) (u32.const 1)) "cast failure")
(component instance $declared $Declared)
(assert_trap (invoke $declared "spawn-indirect" (u32.const 3) (u32.const 1)) "cast failure")
(component instance $declared $Declared)
(assert_trap (invoke $declared "spawn-indirect" (u32.const 4) (u32.const 1)) "cast failure")
(component instance $declared $Declared)
(assert_trap (invoke $declared "new" (u32.const 3) (u32.const 1)) "cast failure")
