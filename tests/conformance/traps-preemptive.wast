;; Traps with preemptive threads: a trap in any thread ends its component instance, whatever the others do.
;;! shared-everything = true

(component definition $Trap
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 8 8 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
  (canon thread.new-indirect $start (core table $state "functions") (core func $new))
  (canon thread.suspend (core func $suspend))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (core module $Main
    (type (func (param i32)))
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $get (shared (func (result i32))))
    (type $change (shared (func (param i32) (result i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "functions" (table $functions shared 8 8 (ref null (shared func))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "thread" "new" (func $new (type $spawn)))
    (import "thread" "suspend" (func $suspend (type $get)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (type $change)))

    (func $traps (type $start) (param i32) unreachable)
    (func $divides (type $start) (param $by i32) (drop (i32.div_u (i32.const 1) (local.get $by))))
    (func $out-of-bounds (type $start) (param i32) (drop (i32.load (i32.const 65536))))
    (func $spins (type $start) (param i32) (loop $again (br $again)))
    (func $waits (type $start) (param $at i32)
      (drop (memory.atomic.wait32 (local.get $at) (i32.const 0) (i64.const -1))))
    (func $suspends (type $start) (param i32) (drop (call $suspend)))
    (func $recurses (type $start) (param i32) (call $recurses (local.get 0)) (call $recurses (local.get 0)))
    (elem (table $functions) (i32.const 0) (ref null (shared func))
      (ref.func $traps) (ref.func $divides) (ref.func $out-of-bounds) (ref.func $spins) (ref.func $waits)
      (ref.func $suspends) (ref.func $recurses))

    (func (export "nothing"))
    (func (export "itself") unreachable)
    ;; Starts the first function on some threads, and the second on one; then waits for ever, or spins.
    (func (export "trap") (param $others i32) (param $which i32) (param $spin i32)
      (local $each i32)
      (loop $again
        (drop (call $spawn (local.get $others) (i32.const 0)))
        (local.set $each (i32.add (local.get $each) (i32.const 1)))
        (br_if $again (i32.ne (local.get $each) (i32.const 4))))
      (drop (call $spawn (local.get $which) (i32.const 0)))
      (if (local.get $spin) (then (loop $again (br $again))))
      (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
      unreachable)
    (func (export "after-switch")
      (drop (call $suspend-then-resume (call $new (i32.const 1) (i32.const 0)))))
    ;; Other threads wait and spin; the call itself traps.
    (func (export "itself-among-others")
      (drop (call $spawn (i32.const 3) (i32.const 0)))
      (drop (call $spawn (i32.const 4) (i32.const 0)))
      (drop (call $spawn (i32.const 5) (i32.const 0)))
      unreachable))
  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance
      (export "spawn" (func $spawn))
      (export "new" (func $new))
      (export "suspend" (func $suspend))
      (export "suspend-then-resume" (func $suspend-then-resume))))))
  (func (export "nothing") (canon lift (core func $main "nothing")))
  (func (export "itself") (canon lift (core func $main "itself")))
  (func (export "trap") (param "others" u32) (param "which" u32) (param "spin" bool)
    (canon lift (core func $main "trap")))
  (func (export "after-switch") (canon lift (core func $main "after-switch")))
  (func (export "itself-among-others") (canon lift (core func $main "itself-among-others"))))

(component instance $trap $Trap)
(assert_return (invoke $trap "nothing"))
;;; TRP-01
(assert_trap (invoke $trap "itself") "unreachable")
;;; TRP-02
(assert_trap (invoke $trap "nothing") "cannot enter component instance")

;; The others spin, wait, are suspended; the one that called the export waits or spins.
(component instance $trap $Trap)
;;; TRP-01 TRP-03 TRP-04 TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 3) (u32.const 0) (bool.const false)) "unreachable")
(component instance $trap $Trap)
;;; TRP-01 TRP-03 TRP-04 TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 3) (u32.const 0) (bool.const true)) "unreachable")
(component instance $trap $Trap)
;;; TRP-01 TRP-03 TRP-04 TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 4) (u32.const 0) (bool.const false)) "unreachable")
(component instance $trap $Trap)
;;; TRP-01 TRP-03 TRP-04 TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 4) (u32.const 0) (bool.const true)) "unreachable")
(component instance $trap $Trap)
;;; TRP-01 TRP-03 TRP-04 TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 5) (u32.const 0) (bool.const false)) "unreachable")
(component instance $trap $Trap)
;;; TRP-01 TRP-03 TRP-04 TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 5) (u32.const 0) (bool.const true)) "unreachable")
;;; TRP-02
(assert_trap (invoke $trap "nothing") "cannot enter component instance")

;; Other traps, in a thread and by its side.
(component instance $trap $Trap)
;;; TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 4) (u32.const 1) (bool.const false)) "integer divide by zero")
(component instance $trap $Trap)
;;; TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 4) (u32.const 2) (bool.const false)) "out of bounds memory access")
(component instance $trap $Trap)
;;; TRP-05 SETS-10
(assert_trap (invoke $trap "trap" (u32.const 4) (u32.const 6) (bool.const false)) "call stack exhausted")
(component instance $trap $Trap)
;;; TRP-04
(assert_trap (invoke $trap "after-switch") "integer divide by zero")
(component instance $trap $Trap)
;;; TRP-01 TRP-05 SETS-10
(assert_trap (invoke $trap "itself-among-others") "unreachable")

;; Instances are ended one by one.
(component instance $one $Trap)
(component instance $other $Trap)
;;; TRP-01
(assert_trap (invoke $one "itself-among-others") "unreachable")
(assert_return (invoke $other "nothing"))
;;; TRP-02
(assert_trap (invoke $one "nothing") "cannot enter component instance")
