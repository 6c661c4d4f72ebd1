;; thread.spawn-ref in a preemptive component: the reference is to a shared function, and its thread may run in parallel.
;;! shared-everything = true

(component definition $Spawn
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (canon thread.index (core func $index))

  (core module $Main
    (type (func (result i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (type $index (shared (func (result i32))))
    (type $pair (shared (func (param i32 i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "thread" "index" (func $index (type $index)))
    (memory 1 1 shared)
    (global $later (shared mut (ref null $start)) (ref.null $start))

    ;; 0: how many threads are done; 4: the gate; 8: the argument seen; 12: the index seen; 16: a sum.
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

    (func $record (type $start) (param $argument i32)
      (i32.store (i32.const 8) (local.get $argument))
      (i32.store (i32.const 12) (call $index))
      (call $add (i32.const 0) (i32.const 1)))
    (func $sum (type $start) (param $argument i32)
      (drop (i32.atomic.rmw.add (i32.const 16) (local.get $argument)))
      (call $add (i32.const 0) (i32.const 1)))
    (func $at-gate (type $start) (param $argument i32)
      (call $await (i32.const 4) (i32.const 1))
      (call $sum (local.get $argument)))
    ;; A thread that is given a function in a shared global spawns it.
    (func $spawns (type $start) (param $argument i32)
      (drop (call $spawn (global.get $later) (local.get $argument)))
      (call $add (i32.const 0) (i32.const 1)))
    (elem declare (ref null (shared func))
      (ref.func $record) (ref.func $sum) (ref.func $at-gate) (ref.func $spawns))

    (func $reset
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (i32.atomic.store (i32.const 4) (i32.const 0))
      (i32.atomic.store (i32.const 16) (i32.const 0)))

    (func (export "argument") (param $argument i32) (result i32)
      (call $reset)
      (drop (call $spawn (ref.func $record) (local.get $argument)))
      (call $await (i32.const 0) (i32.const 1))
      (i32.load (i32.const 8)))

    (func (export "index") (result i32)
      (local $thread i32)
      (call $reset)
      (local.set $thread (call $spawn (ref.func $record) (i32.const 0)))
      (call $await (i32.const 0) (i32.const 1))
      (i32.and
        (i32.and
          (i32.ne (local.get $thread) (i32.const 0))
          (i32.ne (local.get $thread) (call $index)))
        (i32.eq (local.get $thread) (i32.load (i32.const 12)))))

    (func (export "does-not-block") (param $count i32) (result i32)
      (local $left i32)
      (call $reset)
      (local.set $left (local.get $count))
      (loop $each
        (drop (call $spawn (ref.func $at-gate) (i32.const 1)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $each (local.get $left)))
      (if (i32.atomic.load (i32.const 0)) (then unreachable))
      (call $add (i32.const 4) (i32.const 1))
      (call $await (i32.const 0) (local.get $count))
      (i32.load (i32.const 16)))

    (func (export "through-global") (param $argument i32) (result i32)
      (call $reset)
      (global.set $later (ref.func $sum))
      (drop (call $spawn (ref.func $spawns) (local.get $argument)))
      (call $await (i32.const 0) (i32.const 2))
      (i32.load (i32.const 16)))

    (func (export "null") (result i32)
      (call $spawn (ref.null $start) (i32.const 0))))

  (core instance $main (instantiate $Main
    (with "thread" (instance (export "spawn" (func $spawn)) (export "index" (func $index))))))
  (func (export "argument") (param "argument" u32) (result u32) (canon lift (core func $main "argument")))
  (func (export "index") (result bool) (canon lift (core func $main "index")))
  (func (export "does-not-block") (param "count" u32) (result u32) (canon lift (core func $main "does-not-block")))
  (func (export "through-global") (param "argument" u32) (result u32) (canon lift (core func $main "through-global")))
  (func (export "null") (result u32) (canon lift (core func $main "null"))))

(component instance $spawn $Spawn)

;;; SPAWN-REF-08
(assert_return (invoke $spawn "argument" (u32.const 0)) (u32.const 0))
;;; SPAWN-REF-08
(assert_return (invoke $spawn "argument" (u32.const 0xdeadbeef)) (u32.const 0xdeadbeef))
;;; SPAWN-REF-12
(assert_return (invoke $spawn "index") (bool.const true))
;;; SPAWN-REF-13
(assert_return (invoke $spawn "does-not-block" (u32.const 1)) (u32.const 1))
;;; SPAWN-REF-13
(assert_return (invoke $spawn "does-not-block" (u32.const 50)) (u32.const 50))
;;; SPAWN-REF-08 SPAWN-REF-13
(assert_return (invoke $spawn "through-global" (u32.const 9)) (u32.const 9))
;;; SPAWN-REF-11
(assert_trap (invoke $spawn "null") "null reference")

;; 64-bit arguments, and a function of a declared subtype.
(component definition $Wide
  (core type $start (sub (shared (func (param i64)))))
  (canon thread.spawn-ref $start (core func $spawn))
  (core module $Main
    (type $start (sub (shared (func (param i64)))))
    (type $sub (sub $start (shared (func (param i64)))))
    (type $spawn (shared (func (param (ref null $start) i64) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)
    (func $record (type $sub) (param $argument i64)
      (i64.store (i32.const 8) (local.get $argument))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem declare (ref null $start) (ref.func $record))
    (func (export "argument") (param $argument i64) (result i64)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (call $spawn (ref.func $record) (local.get $argument)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i64.load (i32.const 8))))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "argument") (param "argument" u64) (result u64) (canon lift (core func $main "argument"))))

(component instance $wide $Wide)
;;; SPAWN-REF-06 SPAWN-REF-08
(assert_return (invoke $wide "argument" (u64.const 0x0123456789abcdef)) (u64.const 0x0123456789abcdef))

;; A start type with a supertype, in a recursion group with others, one of which the supertype's group has, too. Functions of
;; other types of the same shape are none to start with.
(component definition $Declared
  (core type $first (sub (shared (func (param i32)))))
  (core rec
    (type $before (sub (shared (func (param (ref null $first))))))
    (type $above (sub $first (shared (func (param i32))))))
  (core rec
    (type $start (sub $above (shared (func (param i32)))))
    (type $other (sub $before (shared (func (param (ref null $first))))))
    (type $same (sub $above (shared (func (param i32))))))
  (core module $Table (table (export "table") shared 5 5 (ref null (shared func))))
  (core instance $table (instantiate $Table))
  (alias core export $table "table" (core table $table))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (canon thread.spawn-indirect shared $start $table (core func $spawn-indirect))
  (canon thread.new-indirect $start $table (core func $new))
  (canon thread.resume-later (core func $resume))
  (core module $Main
    (type (func (result i32)))
    (type (func (param i32) (result i32)))
    (type (func (param i32 i32) (result i32)))
    (type $first (sub (shared (func (param i32)))))
    (rec
      (type $before (sub (shared (func (param (ref null $first))))))
      (type $above (sub $first (shared (func (param i32))))))
    (rec
      (type $start (sub $above (shared (func (param i32)))))
      (type $other (sub $before (shared (func (param (ref null $first))))))
      (type $same (sub $above (shared (func (param i32))))))
    (type $sub (sub $start (shared (func (param i32)))))
    (type $plain (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (type $indirect (shared (func (param i32 i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "thread" "spawn-indirect" (func $spawn-indirect (type $indirect)))
    (import "thread" "new" (func $new (type $indirect)))
    (import "thread" "resume" (func $resume (type $plain)))
    (import "table" "table" (table $t shared 5 5 (ref null (shared func))))
    (memory 1 1 shared)
    (func $record (type $plain) (param $argument i32)
      (i32.atomic.store (i32.const 0) (local.get $argument))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
    (func $of-start (type $start) (param $argument i32) (call $record (local.get $argument)))
    (func $of-sub (type $sub) (param $argument i32)
      (call $record (i32.add (local.get $argument) (i32.const 100))))
    (func $of-above (type $above) (param $argument i32))
    (func $of-same (type $same) (param $argument i32))
    (elem (table $t) (i32.const 0) (ref null (shared func))
      (ref.func $of-start) (ref.func $of-sub) (ref.func $of-above) (ref.func $of-same) (ref.func $record))
    (func $wait (result i32)
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i32.atomic.rmw.xchg (i32.const 0) (i32.const 0)))
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
      (export "new" (func $new)) (export "resume" (func $resume))))))
  (func (export "spawn") (param "argument" u32) (result u32) (canon lift (core func $main "spawn")))
  (func (export "spawn-sub") (param "argument" u32) (result u32) (canon lift (core func $main "spawn-sub")))
  (func (export "spawn-indirect") (param "element" u32) (param "argument" u32) (result u32)
    (canon lift (core func $main "spawn-indirect")))
  (func (export "new") (param "element" u32) (param "argument" u32) (result u32)
    (canon lift (core func $main "new"))))
(component instance $declared $Declared)
;;; SPAWN-REF-05
(assert_return (invoke $declared "spawn" (u32.const 7)) (u32.const 7))
;;; SPAWN-REF-05
(assert_return (invoke $declared "spawn-sub" (u32.const 7)) (u32.const 107))
;;; SPAWN-IND-05
(assert_return (invoke $declared "spawn-indirect" (u32.const 0) (u32.const 8)) (u32.const 8))
;;; SPAWN-IND-05
(assert_return (invoke $declared "spawn-indirect" (u32.const 1) (u32.const 8)) (u32.const 108))
(assert_return (invoke $declared "new" (u32.const 1) (u32.const 9)) (u32.const 109))
;;; SPAWN-IND-05
(assert_trap (invoke $declared "spawn-indirect" (u32.const 2) (u32.const 1)) "indirect call type mismatch")
(component instance $declared $Declared)
(assert_trap (invoke $declared "spawn-indirect" (u32.const 3) (u32.const 1)) "indirect call type mismatch")
(component instance $declared $Declared)
(assert_trap (invoke $declared "spawn-indirect" (u32.const 4) (u32.const 1)) "indirect call type mismatch")
(component instance $declared $Declared)
(assert_trap (invoke $declared "new" (u32.const 3) (u32.const 1)) "indirect call type mismatch")
;; An import of another type of the same shape.
;;; SPAWN-REF-08
(assert_invalid
  (component
    (core rec (type $start (shared (func (param i32)))) (type (shared (func))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (import "thread" "spawn" (func (type $spawn))))
    (core instance (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn)))))))
  "type mismatch")
