;; thread.spawn-indirect in a preemptive component: the start type is shared, and a thread may run in parallel with all
;; others. What is asserted holds for every interleaving.
;;
;; In all scripts the unshared types of a module stand first, because a function type written inline takes the first type
;; that has the same parameters and results.
;;! shared-everything = true

(component definition $Spawn
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 8 8 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (alias core export $state "functions" (core table $functions))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $functions) (core func $spawn))
  (canon thread.index (core func $index))

  (core module $Main
    (type (func (result i32)))
    (type $start (shared (func (param i32))))
    (type $start64 (shared (func (param i64))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $index (shared (func (result i32))))
    (type $pair (shared (func (param i32 i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "functions" (table $functions shared 8 8 (ref null (shared func))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "thread" "index" (func $index (type $index)))

    ;; 0: how many threads are done; 4: the gate; 8: the argument seen; 12: the index seen; 16: a sum; from 64 on: indices.
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
    (func $done (type $start) (param i32)
      (call $add (i32.const 0) (i32.const 1)))

    (func $record (type $start) (param $argument i32)
      (i32.store (i32.const 8) (local.get $argument))
      (i32.store (i32.const 12) (call $index))
      (call $done (i32.const 0)))
    (func $sum (type $start) (param $argument i32)
      (drop (i32.atomic.rmw.add (i32.const 16) (local.get $argument)))
      (call $done (i32.const 0)))
    (func $at-gate (type $start) (param $argument i32)
      (call $await (i32.const 4) (i32.const 1))
      (call $sum (local.get $argument)))
    (func $spawns (type $start) (param $argument i32)
      (if (local.get $argument)
        (then
          (drop (call $spawn (i32.const 3) (i32.sub (local.get $argument) (i32.const 1))))
          (drop (call $spawn (i32.const 3) (i32.sub (local.get $argument) (i32.const 1))))))
      (call $sum (i32.const 1)))
    (func $other-type (type $start64) (param i64))
    (func $traps (type $start) (param i32) unreachable)
    ;; The elements 6 and 7 stay null.
    (elem (table $functions) (i32.const 0) (ref null (shared func))
      (ref.func $record) (ref.func $sum) (ref.func $at-gate) (ref.func $spawns) (ref.func $other-type) (ref.func $traps))

    (func $reset
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (i32.atomic.store (i32.const 4) (i32.const 0))
      (i32.atomic.store (i32.const 8) (i32.const 0))
      (i32.atomic.store (i32.const 12) (i32.const 0))
      (i32.atomic.store (i32.const 16) (i32.const 0)))

    (func (export "argument") (param $argument i32) (result i32)
      (call $reset)
      (drop (call $spawn (i32.const 0) (local.get $argument)))
      (call $await (i32.const 0) (i32.const 1))
      (i32.load (i32.const 8)))

    (func (export "index") (result i32)
      (local $thread i32)
      (call $reset)
      (local.set $thread (call $spawn (i32.const 0) (i32.const 0)))
      (call $await (i32.const 0) (i32.const 1))
      (i32.and
        (i32.and
          (i32.ne (local.get $thread) (i32.const 0))
          (i32.ne (local.get $thread) (call $index)))
        (i32.eq (local.get $thread) (i32.load (i32.const 12)))))

    ;; The new threads wait for what happens only after the spawns have returned.
    (func (export "does-not-block") (param $count i32) (result i32)
      (local $left i32)
      (call $reset)
      (local.set $left (local.get $count))
      (loop $each
        (drop (call $spawn (i32.const 2) (i32.const 1)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $each (local.get $left)))
      (if (i32.atomic.load (i32.const 0)) (then unreachable))
      (call $add (i32.const 4) (i32.const 1))
      (call $await (i32.const 0) (local.get $count))
      (i32.load (i32.const 16)))

    ;; How many pairs among $count living threads and the caller have one index.
    (func (export "equal-indices") (param $count i32) (result i32)
      (local $one i32) (local $other i32) (local $equal i32)
      (call $reset)
      (i32.store offset=64 (i32.const 0) (call $index))
      (loop $each
        (local.set $one (i32.add (local.get $one) (i32.const 1)))
        (i32.store offset=64 (i32.shl (local.get $one) (i32.const 2)) (call $spawn (i32.const 2) (i32.const 0)))
        (br_if $each (i32.ne (local.get $one) (local.get $count))))
      (loop $each
        (local.set $other (i32.const 0))
        (loop $before
          (local.set $equal (i32.add (local.get $equal)
            (i32.eq
              (i32.load offset=64 (i32.shl (local.get $one) (i32.const 2)))
              (i32.load offset=64 (i32.shl (local.get $other) (i32.const 2))))))
          (local.set $other (i32.add (local.get $other) (i32.const 1)))
          (br_if $before (i32.lt_u (local.get $other) (local.get $one))))
        (local.set $one (i32.sub (local.get $one) (i32.const 1)))
        (br_if $each (local.get $one)))
      (call $add (i32.const 4) (i32.const 1))
      (call $await (i32.const 0) (local.get $count))
      (local.get $equal))

    (func (export "sum") (param $count i32) (result i32)
      (local $left i32)
      (call $reset)
      (local.set $left (local.get $count))
      (loop $each
        (drop (call $spawn (i32.const 1) (local.get $left)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $each (local.get $left)))
      (call $await (i32.const 0) (local.get $count))
      (i32.load (i32.const 16)))

    (func (export "tree") (param $depth i32) (result i32)
      (call $reset)
      (drop (call $spawn (i32.const 3) (local.get $depth)))
      (call $await (i32.const 0)
        (i32.sub (i32.shl (i32.const 2) (local.get $depth)) (i32.const 1)))
      (i32.load (i32.const 16)))

    ;; The element is overwritten at once with null, then with a function that traps.
    (func (export "read-once") (param $count i32) (result i32)
      (local $left i32)
      (call $reset)
      (local.set $left (local.get $count))
      (loop $each
        (table.set $functions (i32.const 7) (table.get $functions (i32.const 1)))
        (drop (call $spawn (i32.const 7) (i32.const 1)))
        (table.set $functions (i32.const 7) (ref.null (shared func)))
        (table.set $functions (i32.const 7) (ref.func $traps))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $each (local.get $left)))
      (call $await (i32.const 0) (local.get $count))
      (i32.load (i32.const 16)))

    (func (export "spawn") (param $element i32) (result i32)
      (call $spawn (local.get $element) (i32.const 0))))

  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance (export "spawn" (func $spawn)) (export "index" (func $index))))))
  (func (export "argument") (param "argument" u32) (result u32) (canon lift (core func $main "argument")))
  (func (export "index") (result bool) (canon lift (core func $main "index")))
  (func (export "does-not-block") (param "count" u32) (result u32) (canon lift (core func $main "does-not-block")))
  (func (export "equal-indices") (param "count" u32) (result u32) (canon lift (core func $main "equal-indices")))
  (func (export "sum") (param "count" u32) (result u32) (canon lift (core func $main "sum")))
  (func (export "tree") (param "depth" u32) (result u32) (canon lift (core func $main "tree")))
  (func (export "read-once") (param "count" u32) (result u32) (canon lift (core func $main "read-once")))
  (func (export "spawn") (param "element" u32) (result u32) (canon lift (core func $main "spawn"))))

(component instance $spawn $Spawn)

;;; SPAWN-IND-21
(assert_return (invoke $spawn "argument" (u32.const 0)) (u32.const 0))
;;; SPAWN-IND-21
(assert_return (invoke $spawn "argument" (u32.const 0xdeadbeef)) (u32.const 0xdeadbeef))
;;; SPAWN-IND-21
(assert_return (invoke $spawn "argument" (u32.const 0xffffffff)) (u32.const 0xffffffff))

;;; SPAWN-IND-17 IDX-02 IDX-05
(assert_return (invoke $spawn "index") (bool.const true))

;;; SPAWN-IND-19 SPAWN-IND-20
(assert_return (invoke $spawn "does-not-block" (u32.const 1)) (u32.const 1))
;;; SPAWN-IND-19 SPAWN-IND-20
(assert_return (invoke $spawn "does-not-block" (u32.const 50)) (u32.const 50))

;;; SPAWN-IND-17 IDX-02
(assert_return (invoke $spawn "equal-indices" (u32.const 50)) (u32.const 0))

;;; SPAWN-IND-20 SPAWN-IND-21 SETS-09
(assert_return (invoke $spawn "sum" (u32.const 1000)) (u32.const 500500))

;;; SPAWN-IND-20 TSK-01
(assert_return (invoke $spawn "tree" (u32.const 6)) (u32.const 127))

;;; SPAWN-IND-23
(assert_return (invoke $spawn "read-once" (u32.const 200)) (u32.const 200))

;;; SPAWN-IND-13
(assert_trap (invoke $spawn "spawn" (u32.const 8)) "undefined element")

(component instance $spawn $Spawn)
;;; SPAWN-IND-13 SPAWN-IND-16
(assert_trap (invoke $spawn "spawn" (u32.const 0xffffffff)) "undefined element")

(component instance $spawn $Spawn)
;;; SPAWN-IND-14 SPAWN-IND-16
(assert_trap (invoke $spawn "spawn" (u32.const 6)) "uninitialized element")

(component instance $spawn $Spawn)
;;; SPAWN-IND-15 SPAWN-IND-16
(assert_trap (invoke $spawn "spawn" (u32.const 4)) "indirect call type mismatch")

;; A function of a declared subtype of the start type is started; one of another type is not, however alike.
(component definition $Subtypes
  (core type $start (sub (shared (func (param i32)))))
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 3 3 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
  (core module $Main
    (type $start (sub (shared (func (param i32)))))
    (type $sub (sub $start (shared (func (param i32)))))
    (type $other (shared (func (param i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "functions" (table $functions shared 3 3 (ref null (shared func))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (func $of-other (type $other) (param i32) unreachable)
    (func $of-start (type $start) (param i32)
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (func $of-sub (type $sub) (param i32)
      (i32.atomic.store (i32.const 0) (i32.const 2))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem (table $functions) (i32.const 0) (ref null (shared func))
      (ref.func $of-other) (ref.func $of-start) (ref.func $of-sub))
    (func (export "run") (param $element i32) (result i32)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (call $spawn (local.get $element) (i32.const 0)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i32.atomic.load (i32.const 0))))
  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "run") (param "element" u32) (result u32) (canon lift (core func $main "run"))))

(component instance $subtypes $Subtypes)
;;; SPAWN-IND-15
(assert_return (invoke $subtypes "run" (u32.const 1)) (u32.const 1))
;;; SPAWN-IND-15
(assert_return (invoke $subtypes "run" (u32.const 2)) (u32.const 2))
;;; SPAWN-IND-15
(assert_trap (invoke $subtypes "run" (u32.const 0)) "indirect call type mismatch")

;; 64-bit arguments and tables. An index beyond 32 bits is not cut off.
(component definition $Wide
  (core type $start (shared (func (param i64))))
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared i64 2 2 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (canon thread.spawn-indirect $start (core table $state "functions") (core func $spawn))
  (core module $Main
    (type $start (shared (func (param i64))))
    (type $spawn (shared (func (param i64 i64) (result i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "functions" (table $functions shared i64 2 2 (ref null (shared func))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (func $record (type $start) (param $argument i64)
      (i64.store (i32.const 8) (local.get $argument))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem (table $functions) (i64.const 0) (ref null (shared func)) (ref.func $record))
    (func (export "argument") (param $element i64) (param $argument i64) (result i64)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (call $spawn (local.get $element) (local.get $argument)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i64.load (i32.const 8))))
  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "argument") (param "element" u64) (param "argument" u64) (result u64)
    (canon lift (core func $main "argument"))))

(component instance $wide $Wide)
;;; SPAWN-IND-05 SPAWN-IND-09 SPAWN-IND-21
(assert_return (invoke $wide "argument" (u64.const 0) (u64.const 0x0123456789abcdef)) (u64.const 0x0123456789abcdef))
;;; SPAWN-IND-14
(assert_trap (invoke $wide "argument" (u64.const 1) (u64.const 0)) "uninitialized element")

(component instance $wide $Wide)
;;; SPAWN-IND-09 SPAWN-IND-13
(assert_trap (invoke $wide "argument" (u64.const 0x100000000) (u64.const 0)) "undefined element")

(component instance $wide $Wide)
;;; SPAWN-IND-13 SPAWN-IND-16
(assert_trap (invoke $wide "argument" (u64.const 0xffffffffffffffff) (u64.const 0)) "undefined element")
