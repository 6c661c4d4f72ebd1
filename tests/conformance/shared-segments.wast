;; Passive segments: their contents are copied when they are asked for, and dropped for all threads at once.
;;! shared-everything = true

(component definition $Segments
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type (func))
    (type (func (param i32)))
    (type (func (param i32) (result i32)))
    (type $done (shared (func)))
    (type $start (shared (func (param i32))))
    (type $call (shared (func (result i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)
    (table $t shared 4 4 (ref null $call))
    (data $bytes "\01\02\03\04\05\06\07\08")
    (data $empty "")
    (elem $functions (ref null $call) (ref.func $one) (ref.func $two))
    (func $one (type $call) (result i32) (i32.const 1))
    (func $two (type $call) (result i32) (i32.const 2))

    (func $copies (type $start) (param $at i32)
      (memory.init $bytes (local.get $at) (i32.const 2) (i32.const 4))
      (table.init $t $functions (i32.const 0) (i32.const 0) (i32.const 2))
      (call $done))
    (func $drops (type $start) (param $which i32)
      (if (local.get $which)
        (then (elem.drop $functions))
        (else (data.drop $bytes)))
      (call $done))
    (func $copies-again (type $start) (param $which i32)
      (if (local.get $which)
        (then (table.init $t $functions (i32.const 0) (i32.const 0) (i32.const 1)))
        (else (memory.init $bytes (i32.const 0) (i32.const 0) (i32.const 1))))
      (call $done))
    (func $done (type $done)
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem declare (ref null $start) (ref.func $copies) (ref.func $drops) (ref.func $copies-again))
    (func $run (param $function (ref null $start)) (param $argument i32)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (call $spawn (local.get $function) (local.get $argument)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))

    (func (export "copy") (param $at i32) (result i32)
      (call $run (ref.func $copies) (local.get $at))
      (i32.load (local.get $at)))
    (func (export "call") (param $element i32) (result i32) (call_indirect $t (type $call) (local.get $element)))
    (func (export "copy-here") (param $which i32)
      (if (local.get $which)
        (then (table.init $t $functions (i32.const 0) (i32.const 0) (i32.const 1)))
        (else (memory.init $bytes (i32.const 64) (i32.const 0) (i32.const 8)))))
    (func (export "copy-nothing")
      (memory.init $bytes (i32.const 64) (i32.const 0) (i32.const 0))
      (memory.init $empty (i32.const 64) (i32.const 0) (i32.const 0))
      (table.init $t $functions (i32.const 0) (i32.const 0) (i32.const 0)))
    (func (export "drop") (param $which i32)
      (if (local.get $which) (then (elem.drop $functions)) (else (data.drop $bytes))))
    (func (export "drop-in-thread") (param $which i32) (call $run (ref.func $drops) (local.get $which)))
    (func (export "copy-in-thread") (param $which i32) (call $run (ref.func $copies-again) (local.get $which))))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "copy") (param "at" u32) (result u32) (canon lift (core func $main "copy")))
  (func (export "call") (param "element" u32) (result u32) (canon lift (core func $main "call")))
  (func (export "copy-here") (param "which" u32) (canon lift (core func $main "copy-here")))
  (func (export "copy-nothing") (canon lift (core func $main "copy-nothing")))
  (func (export "drop") (param "which" u32) (canon lift (core func $main "drop")))
  (func (export "drop-in-thread") (param "which" u32) (canon lift (core func $main "drop-in-thread")))
  (func (export "copy-in-thread") (param "which" u32) (canon lift (core func $main "copy-in-thread"))))

(component instance $segments $Segments)
(assert_return (invoke $segments "copy" (u32.const 32)) (u32.const 0x06050403))
;;; SETS-01
(assert_return (invoke $segments "call" (u32.const 1)) (u32.const 2))
;; A thread drops the one segment; the other is still there for everyone.
(assert_return (invoke $segments "drop-in-thread" (u32.const 0)))
(assert_return (invoke $segments "copy-here" (u32.const 1)))
(assert_return (invoke $segments "copy-in-thread" (u32.const 1)))
(assert_return (invoke $segments "copy-nothing"))
(assert_trap (invoke $segments "copy-here" (u32.const 0)) "out of bounds memory access")

(component instance $segments $Segments)
(assert_return (invoke $segments "drop-in-thread" (u32.const 1)))
(assert_return (invoke $segments "copy-here" (u32.const 0)))
(assert_return (invoke $segments "copy-nothing"))
(assert_trap (invoke $segments "copy-here" (u32.const 1)) "out of bounds table access")

;; The other way round: dropped here, it is dropped for threads.
(component instance $segments $Segments)
(assert_return (invoke $segments "drop" (u32.const 0)))
(assert_trap (invoke $segments "copy-in-thread" (u32.const 0)) "out of bounds memory access")
(component instance $segments $Segments)
(assert_return (invoke $segments "drop" (u32.const 1)))
(assert_trap (invoke $segments "copy-in-thread" (u32.const 1)) "out of bounds table access")

;; One thread dropped it, another one finds it dropped.
(component instance $segments $Segments)
(assert_return (invoke $segments "drop-in-thread" (u32.const 0)))
(assert_trap (invoke $segments "copy-in-thread" (u32.const 0)) "out of bounds memory access")
(component instance $segments $Segments)
(assert_return (invoke $segments "drop-in-thread" (u32.const 1)))
(assert_trap (invoke $segments "copy-in-thread" (u32.const 1)) "out of bounds table access")

;; Active segments and the start function run once, and not for each thread.
(component definition $Once
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type (func (result i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)
    (table $t shared 1 1 (ref null $start))
    (data (i32.const 8) "\05\00\00\00")
    (global $starts (shared mut i32) (i32.const 0))
    (elem (table $t) (i32.const 0) (ref null $start) (ref.func $run))
    (func $starts (global.set $starts (i32.add (global.get $starts) (i32.const 1))))
    (start $starts)
    ;; 8: 5, unless it is written.
    (func $run (type $start) (param i32)
      (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (func (export "run") (result i32)
      (local $threads i32) (local $seen i32)
      (table.set $t (i32.const 0) (ref.null $start))
      (loop $again
        (drop (call $spawn (ref.func $run) (i32.const 0)))
        (local.set $threads (i32.add (local.get $threads) (i32.const 1)))
        (br_if $again (i32.ne (local.get $threads) (i32.const 20))))
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $seen) (i32.const 20))
          (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))
      (i32.add
        (i32.mul (i32.load (i32.const 8)) (i32.const 100))
        (i32.add
          (i32.mul (global.get $starts) (i32.const 10))
          (ref.is_null (table.get $t (i32.const 0)))))))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "run") (result u32) (canon lift (core func $main "run"))))

(component instance $once $Once)
;; 25, one start, and the element is still null.
;;; SETV-13 SETS-01
(assert_return (invoke $once "run") (u32.const 2511))

;; Segments are copied when their module is instantiated, after the start functions of those before it, also into a table that
;; no code writes.
(component definition $InOrder
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Early
    (type (func (param i32) (result i32)))
    (type $f (shared (func (result i32))))
    (table $t (export "table") shared 2 2 (ref null (shared func)))
    (global $null (export "null") (shared mut i32) (i32.const -1))
    (elem (table $t) (i32.const 1) (ref null (shared func)) (ref.func $one))
    (func $one (type $f) (result i32) (i32.const 1))
    (func $is-null (param $index i32) (result i32) (ref.is_null (table.get $t (local.get $index))))
    (func $look
      (global.set $null (i32.add (i32.mul (call $is-null (i32.const 0)) (i32.const 10)) (call $is-null (i32.const 1)))))
    (start $look))
  (core instance $early (instantiate $Early))
  (core module $Late
    (type (func (result i32)))
    (type $f (shared (func (result i32))))
    (import "early" "table" (table $t shared 2 2 (ref null (shared func))))
    (import "early" "null" (global $null (shared mut i32)))
    (global $offset (shared i32) (i32.const 0))
    (elem (table $t) (global.get $offset) (ref null (shared func)) (ref.func $two))
    (func $two (type $f) (result i32) (i32.const 2))
    (func (export "null") (result i32) (global.get $null))
    (func (export "sum") (result i32)
      (i32.add (call_indirect $t (type $f) (i32.const 0)) (call_indirect $t (type $f) (i32.const 1)))))
  (core instance $late (instantiate $Late (with "early" (instance $early))))
  (func (export "null") (result u32) (canon lift (core func $late "null")))
  (func (export "sum") (result u32) (canon lift (core func $late "sum"))))
(component instance $in-order $InOrder)
;; The first element was null, the second one was not.
;;; SETV-13
(assert_return (invoke $in-order "null") (u32.const 10))
;;; SETV-13
(assert_return (invoke $in-order "sum") (u32.const 3))
;; A call of an element that is filled in later.
;;; SETV-13
(assert_trap
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Early
      (type $f (shared (func)))
      (table $t (export "table") shared 1 1 (ref null (shared func)))
      (func (export "call") (type $f) (call_indirect $t (type $f) (i32.const 0))))
    (core instance $early (instantiate $Early))
    (core module $Middle
      (type $f (shared (func)))
      (import "early" "call" (func $call (type $f)))
      (start $call))
    (core instance (instantiate $Middle (with "early" (instance $early))))
    (core module $Late
      (type $f (shared (func)))
      (import "early" "table" (table $t shared 1 1 (ref null (shared func))))
      (func $f (type $f))
      (elem (table $t) (i32.const 0) (ref null (shared func)) (ref.func $f)))
    (core instance (instantiate $Late (with "early" (instance $early)))))
  "uninitialized element")
;; A segment that does not fit: the start function of an earlier module comes first.
;;; SETV-13
(assert_trap
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Early (func $stop (unreachable)) (start $stop))
    (core instance (instantiate $Early))
    (core module $Late
      (type $f (shared (func)))
      (table $t shared 1 1 (ref null (shared func)))
      (func $f (type $f))
      (elem (table $t) (i32.const 1) (ref null (shared func)) (ref.func $f)))
    (core instance (instantiate $Late)))
  "unreachable")
;;; SETV-13
(assert_trap
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Late
      (type $f (shared (func)))
      (table $t shared 1 1 (ref null (shared func)))
      (func $f (type $f))
      (elem (table $t) (i32.const 1) (ref null (shared func)) (ref.func $f)))
    (core instance (instantiate $Late)))
  "out of bounds table access")

;; Unshared memories and tables are filled in the same order. The first module's start function looks at what the second one
;; fills, and makes room for it.
(component definition $Unshared
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Early
    (type $f (func (result i32)))
    (memory (export "memory") 1 2)
    (memory $wide (export "wide") i64 1 1)
    (table $t (export "table") 1 2 funcref)
    (table $far (export "far") i64 1 1 funcref)
    (data (memory 0) (i32.const 1) "\05")
    (elem (table $t) (i32.const 0) func $one)
    (global $seen (mut i32) (i32.const -1))
    (func $one (type $f) (i32.const 1))
    (func $look
      (global.set $seen
        (i32.add
          (i32.add (i32.load8_u (i32.const 0)) (i32.load8_u (i32.const 1)))
          (i32.add
            (i32.add (i32.load8_u $wide (i64.const 0)) (call_indirect $t (type $f) (i32.const 0)))
            (i32.mul (ref.is_null (table.get $far (i64.const 0))) (i32.const 100)))))
      (drop (memory.grow (i32.const 1)))
      (drop (table.grow $t (ref.null func) (i32.const 1))))
    (func (export "seen") (result i32) (global.get $seen))
    (start $look))
  (core instance $early (instantiate $Early))
  (core module $Late
    (type $f (func (result i32)))
    (type $none (func))
    (type $thread (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $thread) i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "early" "memory" (memory $m 1))
    (import "early" "wide" (memory $wide i64 1))
    (import "early" "table" (table $t 1 funcref))
    (import "early" "far" (table $far i64 1 funcref))
    (memory $shared 1 1 shared)
    (data $bytes (memory $m) (i32.const 0) "\2a")
    (data (memory $m) (i32.const 65536) "\07")
    (data (memory $wide) (i64.const 0) "\03")
    (elem $elements (table $t) (i32.const 0) func $two)
    (elem (table $t) (i32.const 1) func $two)
    (elem (table $far) (i64.const 0) func $two)
    (func $two (type $f) (i32.const 2))
    (func $counts (type $thread) (param $argument i32)
      (i32.atomic.store $shared (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify $shared (i32.const 0) (i32.const 1))))
    ;; The segment has been copied, so that it is empty, on another thread too.
    (func $copies (type $thread) (param $argument i32)
      (memory.init $shared $bytes (i32.const 0) (i32.const 0) (i32.const 1)))
    (elem declare (ref null $thread) (ref.func $counts) (ref.func $copies))
    (func $run (param $function (ref null $thread))
      (drop (call $spawn (local.get $function) (i32.const 0)))
      (drop (memory.atomic.wait32 $shared (i32.const 0) (i32.const 0) (i64.const -1))))
    (func (export "sum") (result i32)
      (call $run (ref.func $counts))
      (i32.add
        (i32.add
          (i32.add (i32.load8_u $m (i32.const 0)) (i32.load8_u $m (i32.const 65536)))
          (i32.load8_u $wide (i64.const 0)))
        (i32.add
          (i32.add (call_indirect $t (type $f) (i32.const 0)) (call_indirect $t (type $f) (i32.const 1)))
          (call_indirect $far (type $f) (i64.const 0)))))
    (func (export "copy") (memory.init $m $bytes (i32.const 0) (i32.const 0) (i32.const 1)))
    (func (export "copy-shared") (call $run (ref.func $copies)))
    (func (export "copy-element") (table.init $t $elements (i32.const 0) (i32.const 0) (i32.const 1))))
  (core instance $late (instantiate $Late
    (with "early" (instance $early)) (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "seen") (result s32) (canon lift (core func $early "seen")))
  (func (export "sum") (result s32) (canon lift (core func $late "sum")))
  (func (export "copy") (canon lift (core func $late "copy")))
  (func (export "copy-shared") (canon lift (core func $late "copy-shared")))
  (func (export "copy-element") (canon lift (core func $late "copy-element"))))
(component instance $unshared $Unshared)
;; 5 and the 1 of its own module, and a null element.
(assert_return (invoke $unshared "seen") (s32.const 106))
;; 42, 7 and 3, and three times 2.
(assert_return (invoke $unshared "sum") (s32.const 58))
(assert_trap (invoke $unshared "copy") "out of bounds memory access")
(component instance $unshared $Unshared)
(assert_trap (invoke $unshared "copy-shared") "out of bounds memory access")
(component instance $unshared $Unshared)
(assert_trap (invoke $unshared "copy-element") "out of bounds table access")
;; Segments that do not fit: the start function of an earlier module comes first.
(assert_trap
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Early (func $stop (unreachable)) (start $stop))
    (core instance (instantiate $Early))
    (core module $Late (memory 1) (data (i32.const 65536) "\01"))
    (core instance (instantiate $Late)))
  "unreachable")
(assert_trap
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Early (func $stop (unreachable)) (start $stop))
    (core instance (instantiate $Early))
    (core module $Late (table $t 1 funcref) (func $f) (elem (table $t) (i32.const 1) func $f))
    (core instance (instantiate $Late)))
  "unreachable")
(assert_trap
  (component
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Early (func $nothing) (start $nothing))
    (core instance (instantiate $Early))
    (core module $Late (memory 1) (data (i32.const 65536) "\01"))
    (core instance (instantiate $Late)))
  "out of bounds memory access")
;; An element segment without elements, and memories whose addresses are wide.
(component definition $C
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $M
    (memory i64 1 3 shared)
    (table $t shared 8 12 (ref null (shared func)))
    (elem (table $t) (i32.const 1) (ref null (shared func)))
    (func (export "set") (result i32)
      (table.set $t (i32.const 0) (ref.null (shared nofunc))) (i32.const 7)))
  (core instance $m (instantiate $M))
  (func (export "set") (result s32) (canon lift (core func $m "set"))))
(component instance $c $C)
(assert_return (invoke $c "set") (s32.const 7))
