;; thread.new-indirect and the scheduling built-ins with preemptive threads. A thread may run in parallel with whoever made
;; it ready, so a thread that is to be resumed must have been suspended by a direct switch.
;;! shared-everything = true

(component definition $Scheduling
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 8 8 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.new-indirect $start (core table $state "functions") (core func $new))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
  (canon thread.index (core func $index))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend (core func $suspend))
  (canon thread.yield (core func $yield))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (canon thread.yield-then-resume (core func $yield-then-resume))
  (canon thread.suspend-then-promote (core func $suspend-then-promote))
  (canon thread.yield-then-promote (core func $yield-then-promote))

  (core module $Main
    (type (func (param i32)))
    (type (func (result i32)))
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $get (shared (func (result i32))))
    (type $change (shared (func (param i32) (result i32))))
    (type $new (shared (func (param i32 i32) (result i32))))
    (type $pair (shared (func (param i32 i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "functions" (table $functions shared 8 8 (ref null (shared func))))
    (import "thread" "new" (func $new (type $new)))
    (import "thread" "spawn" (func $spawn (type $new)))
    (import "thread" "index" (func $index (type $get)))
    (import "thread" "resume-later" (func $resume-later (type $start)))
    (import "thread" "suspend" (func $suspend (type $get)))
    (import "thread" "yield" (func $yield (type $get)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (type $change)))
    (import "thread" "yield-then-resume" (func $yield-then-resume (type $change)))
    (import "thread" "suspend-then-promote" (func $suspend-then-promote (type $change)))
    (import "thread" "yield-then-promote" (func $yield-then-promote (type $change)))

    ;; 0: how many threads are done; 4: the gate; 8: the first thread; 12: what happened, in decimal digits; 16: the argument
    ;; seen.
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
    (func $note (type $start) (param $digit i32)
      (i32.store (i32.const 12) (i32.add (i32.mul (i32.load (i32.const 12)) (i32.const 10)) (local.get $digit))))

    (func $done (type $start) (param $argument i32)
      (i32.store (i32.const 16) (local.get $argument))
      (call $add (i32.const 0) (i32.const 1)))
    ;; Notes 8 and goes back to the first thread; when it is resumed, notes 9 and wakes that thread.
    (func $comes-back (type $start) (param i32)
      (call $note (i32.const 8))
      (drop (call $suspend-then-resume (i32.load (i32.const 8))))
      (call $note (i32.const 9))
      (call $resume-later (i32.load (i32.const 8))))
    (func $wakes (type $start) (param $digit i32)
      (call $note (local.get $digit))
      (call $resume-later (i32.load (i32.const 8))))
    (func $at-gate (type $start) (param i32)
      (call $await (i32.const 4) (i32.const 1))
      (call $add (i32.const 0) (i32.const 1)))
    ;; Switches to the next of a row of threads, the last of them to the first thread. Stays suspended there.
    (func $row (type $start) (param $left i32)
      (drop
        (if (result i32) (local.get $left)
          (then
            (call $suspend-then-resume (call $new (i32.const 4) (i32.sub (local.get $left) (i32.const 1)))))
          (else (call $suspend-then-resume (i32.load (i32.const 8))))))
      (call $add (i32.const 0) (i32.const 1)))
    ;; Switches back to the first thread and stays ready.
    (func $stays-ready (type $start) (param i32)
      (call $note (i32.const 6))
      (drop (call $yield-then-resume (i32.load (i32.const 8))))
      (call $add (i32.const 0) (i32.const 1)))
    (func $other-type (type $pair) (param i32 i32))
    (elem (table $functions) (i32.const 0) (ref null (shared func))
      (ref.func $done) (ref.func $comes-back) (ref.func $wakes) (ref.func $at-gate) (ref.func $row) (ref.func $stays-ready)
      (ref.func $other-type))

    (func $begin
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (i32.atomic.store (i32.const 4) (i32.const 0))
      (i32.store (i32.const 8) (call $index))
      (i32.store (i32.const 12) (i32.const 0)))

    (func (export "new") (param $element i32) (result i32) (call $new (local.get $element) (i32.const 0)))

    (func (export "resume-later") (param $argument i32) (result i32)
      (call $begin)
      (call $resume-later (call $new (i32.const 0) (local.get $argument)))
      (call $await (i32.const 0) (i32.const 1))
      (i32.load (i32.const 16)))
    (func (export "many") (param $count i32) (result i32)
      (local $each i32)
      (call $begin)
      (local.set $each (local.get $count))
      (loop $again
        (call $resume-later (call $new (i32.const 3) (i32.const 0)))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (call $add (i32.const 4) (i32.const 1))
      (call $await (i32.const 0) (local.get $count))
      (i32.load (i32.const 0)))
    ;; A new thread does nothing before it is resumed, however long others run.
    (func (export "starts-suspended") (result i32)
      (local $thread i32) (local $round i32) (local $before i32)
      (call $begin)
      (local.set $thread (call $new (i32.const 0) (i32.const 0)))
      (loop $again
        (local.set $before (i32.or (local.get $before) (i32.atomic.load (i32.const 0))))
        (drop (call $yield))
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.ne (local.get $round) (i32.const 1000))))
      (call $resume-later (local.get $thread))
      (call $await (i32.const 0) (i32.const 1))
      (local.get $before))

    (func (export "suspend-then-resume") (result i32)
      (local $thread i32)
      (call $begin)
      (local.set $thread (call $new (i32.const 1) (i32.const 0)))
      (call $note (i32.const 1))
      (if (call $suspend-then-resume (local.get $thread)) (then unreachable))
      (call $note (i32.const 2))
      (if (call $suspend-then-resume (local.get $thread)) (then unreachable))
      (call $note (i32.const 3))
      (i32.load (i32.const 12)))
    (func (export "rounds") (param $rounds i32) (result i32)
      (local $thread i32) (local $whole i32)
      (call $begin)
      (loop $again
        (local.set $thread (call $new (i32.const 1) (i32.const 0)))
        (drop (call $suspend-then-resume (local.get $thread)))
        (drop (call $suspend-then-resume (local.get $thread)))
        (local.set $whole (i32.add (local.get $whole) (i32.eq (i32.load (i32.const 12)) (i32.const 89))))
        (i32.store (i32.const 12) (i32.const 0))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (local.get $whole))
    (func (export "row") (param $count i32) (result i32)
      (local $thread i32)
      (call $begin)
      (local.set $thread (call $new (i32.const 4) (i32.sub (local.get $count) (i32.const 1))))
      (drop (call $suspend-then-resume (local.get $thread)))
      (i32.load (i32.const 0)))
    ;; A thread that a call before this one left suspended.
    (func (export "switch-to") (param $thread i32) (result i32)
      (call $begin)
      (call $note (i32.const 1))
      (drop (call $suspend-then-resume (local.get $thread)))
      (call $note (i32.const 2))
      (i32.load (i32.const 12)))
    (func (export "yield-then-resume") (result i32)
      (call $begin)
      (if (call $yield-then-resume (call $new (i32.const 0) (i32.const 5))) (then unreachable))
      (call $await (i32.const 0) (i32.const 1))
      (i32.load (i32.const 16)))
    ;; The other thread switches back and stays ready: it comes to its end by itself.
    (func (export "ready-after") (result i32)
      (call $begin)
      (drop (call $suspend-then-resume (call $new (i32.const 5) (i32.const 0))))
      (call $await (i32.const 0) (i32.const 1))
      (i32.load (i32.const 12)))
    ;; Yields until another thread is done.
    (func (export "yield") (result i32)
      (call $begin)
      (drop (call $spawn (i32.const 0) (i32.const 7)))
      (loop $again
        (if (call $yield) (then unreachable))
        (br_if $again (i32.eqz (i32.atomic.load (i32.const 0)))))
      (i32.load (i32.const 16)))

    ;; Promotes a thread that starts, waits or has ended meanwhile, whichever it is: none of that traps.
    (func (export "promote") (param $rounds i32) (result i32)
      (local $thread i32)
      (call $begin)
      (local.set $thread (call $spawn (i32.const 3) (i32.const 0)))
      (loop $again
        (if (call $yield-then-promote (local.get $thread)) (then unreachable))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $add (i32.const 4) (i32.const 1))
      (call $await (i32.const 0) (i32.const 1))
      (i32.load (i32.const 0)))
    (func (export "promote-suspended") (result i32)
      (local $thread i32) (local $before i32)
      (call $begin)
      (local.set $thread (call $new (i32.const 0) (i32.const 0)))
      (if (call $yield-then-promote (local.get $thread)) (then unreachable))
      (local.set $before (i32.atomic.load (i32.const 0)))
      (call $resume-later (local.get $thread))
      (call $await (i32.const 0) (i32.const 1))
      (local.get $before))
    (func (export "promote-self") (result i32) (call $yield-then-promote (call $index)))

    (func (export "suspend") (drop (call $suspend)))
    (func (export "resume") (param $thread i32) (call $resume-later (local.get $thread)))
    (func (export "resume-self") (call $resume-later (call $index)))
    ;; The thread starts, or waits at the gate; it is never suspended.
    (func (export "resume-spawned") (call $begin) (call $resume-later (call $spawn (i32.const 3) (i32.const 0))))
    (func (export "suspend-then-resume-self") (drop (call $suspend-then-resume (call $index))))
    (func (export "yield-then-resume-self") (drop (call $yield-then-resume (call $index))))
    (func (export "suspend-then-resume-spawned")
      (call $begin) (drop (call $suspend-then-resume (call $spawn (i32.const 3) (i32.const 0)))))
    (func (export "yield-then-resume-spawned")
      (call $begin) (drop (call $yield-then-resume (call $spawn (i32.const 3) (i32.const 0)))))
    (func (export "suspend-then-resume-unknown") (drop (call $suspend-then-resume (i32.const 99))))
    (func (export "yield-then-resume-unknown") (drop (call $yield-then-resume (i32.const 99))))
    (func (export "suspend-then-promote-unknown") (drop (call $suspend-then-promote (i32.const 99))))
    (func (export "yield-then-promote-unknown") (drop (call $yield-then-promote (i32.const 99)))))

  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance
      (export "new" (func $new))
      (export "spawn" (func $spawn))
      (export "index" (func $index))
      (export "resume-later" (func $resume-later))
      (export "suspend" (func $suspend))
      (export "yield" (func $yield))
      (export "suspend-then-resume" (func $suspend-then-resume))
      (export "yield-then-resume" (func $yield-then-resume))
      (export "suspend-then-promote" (func $suspend-then-promote))
      (export "yield-then-promote" (func $yield-then-promote))))))
  (func (export "new") (param "element" u32) (result u32) (canon lift (core func $main "new")))
  (func (export "resume-later") (param "argument" u32) (result u32) (canon lift (core func $main "resume-later")))
  (func (export "many") (param "count" u32) (result u32) (canon lift (core func $main "many")))
  (func (export "starts-suspended") (result u32) (canon lift (core func $main "starts-suspended")))
  (func (export "suspend-then-resume") (result u32) (canon lift (core func $main "suspend-then-resume")))
  (func (export "rounds") (param "rounds" u32) (result u32) (canon lift (core func $main "rounds")))
  (func (export "row") (param "count" u32) (result u32) (canon lift (core func $main "row")))
  (func (export "switch-to") (param "thread" u32) (result u32) (canon lift (core func $main "switch-to")))
  (func (export "yield-then-resume") (result u32) (canon lift (core func $main "yield-then-resume")))
  (func (export "ready-after") (result u32) (canon lift (core func $main "ready-after")))
  (func (export "yield") (result u32) (canon lift (core func $main "yield")))
  (func (export "promote") (param "rounds" u32) (result u32) (canon lift (core func $main "promote")))
  (func (export "promote-suspended") (result u32) (canon lift (core func $main "promote-suspended")))
  (func (export "promote-self") (result u32) (canon lift (core func $main "promote-self")))
  (func (export "suspend") (canon lift (core func $main "suspend")))
  (func (export "resume") (param "thread" u32) (canon lift (core func $main "resume")))
  (func (export "resume-self") (canon lift (core func $main "resume-self")))
  (func (export "resume-spawned") (canon lift (core func $main "resume-spawned")))
  (func (export "suspend-then-resume-self") (canon lift (core func $main "suspend-then-resume-self")))
  (func (export "yield-then-resume-self") (canon lift (core func $main "yield-then-resume-self")))
  (func (export "suspend-then-resume-spawned") (canon lift (core func $main "suspend-then-resume-spawned")))
  (func (export "yield-then-resume-spawned") (canon lift (core func $main "yield-then-resume-spawned")))
  (func (export "suspend-then-resume-unknown") (canon lift (core func $main "suspend-then-resume-unknown")))
  (func (export "yield-then-resume-unknown") (canon lift (core func $main "yield-then-resume-unknown")))
  (func (export "suspend-then-promote-unknown") (canon lift (core func $main "suspend-then-promote-unknown")))
  (func (export "yield-then-promote-unknown") (canon lift (core func $main "yield-then-promote-unknown"))))

(component instance $scheduling $Scheduling)
;;; NEW-14 NEW-15 RL-02
(assert_return (invoke $scheduling "resume-later" (u32.const 0xdeadbeef)) (u32.const 0xdeadbeef))
;;; RL-02
(assert_return (invoke $scheduling "many" (u32.const 100)) (u32.const 100))
;;; NEW-12
(assert_return (invoke $scheduling "starts-suspended") (u32.const 0))
;;; SUS-01 STR-03 STR-04 STR-05 SYN-01 IMP-03 SCH-04
(assert_return (invoke $scheduling "suspend-then-resume") (u32.const 18293))
;;; STR-03 STR-04
(assert_return (invoke $scheduling "rounds" (u32.const 1000)) (u32.const 1000))
;;; STR-04 SCH-04
(assert_return (invoke $scheduling "yield-then-resume") (u32.const 5))
;;; STR-04
(assert_return (invoke $scheduling "ready-after") (u32.const 6))
;;; YLD-01 SCH-04
(assert_return (invoke $scheduling "yield") (u32.const 7))
;;; STP-08 SCH-04
(assert_return (invoke $scheduling "promote" (u32.const 1000)) (u32.const 1))
;;; STP-04
(assert_return (invoke $scheduling "promote-suspended") (u32.const 0))
;;; STP-05 VER-03
(assert_return (invoke $scheduling "promote-self") (u32.const 0))

;; A hundred threads stay suspended, and the call returns all the same. They keep their indices.
(component instance $scheduling $Scheduling)
;;; STR-03 STR-04 TSK-04
(assert_return (invoke $scheduling "row" (u32.const 100)) (u32.const 0))
;;; IDX-13
(assert_return (invoke $scheduling "new" (u32.const 0)) (u32.const 102))

;; Index 0 of the table is an element like any other, and the first thread has index 1.
(component instance $scheduling $Scheduling)
;;; NEW-11 NEW-13
(assert_return (invoke $scheduling "new" (u32.const 0)) (u32.const 2))
;;; IDX-13
(assert_return (invoke $scheduling "new" (u32.const 0)) (u32.const 3))
;;; NEW-13
(assert_return (invoke $scheduling "new" (u32.const 1)) (u32.const 4))
;;; IDX-14 NEW-16
(assert_return (invoke $scheduling "switch-to" (u32.const 4)) (u32.const 182))
;;; NEW-08
(assert_trap (invoke $scheduling "new" (u32.const 8)) "undefined element")

(component instance $scheduling $Scheduling)
;;; NEW-08
(assert_trap (invoke $scheduling "new" (u32.const 0xffffffff)) "undefined element")
(component instance $scheduling $Scheduling)
;;; NEW-09
(assert_trap (invoke $scheduling "new" (u32.const 7)) "uninitialized element")
(component instance $scheduling $Scheduling)
;;; NEW-10
(assert_trap (invoke $scheduling "new" (u32.const 6)) "indirect call type mismatch")

;; Nothing else could run.
(component instance $scheduling $Scheduling)
;;; SYN-02
(assert_trap (invoke $scheduling "suspend") "deadlock")

(component instance $scheduling $Scheduling)
;;; IDX-05 IDX-10
(assert_trap (invoke $scheduling "resume" (u32.const 0)) "unknown handle index")
(component instance $scheduling $Scheduling)
;;; IDX-10
(assert_trap (invoke $scheduling "resume" (u32.const 2)) "unknown handle index")
(component instance $scheduling $Scheduling)
;;; IDX-10
(assert_trap (invoke $scheduling "resume" (u32.const 0xffffffff)) "unknown handle index")
(component instance $scheduling $Scheduling)
;;; RL-01
(assert_trap (invoke $scheduling "resume-self") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; RL-01
(assert_trap (invoke $scheduling "resume-spawned") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-02
(assert_trap (invoke $scheduling "suspend-then-resume-self") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-02
(assert_trap (invoke $scheduling "yield-then-resume-self") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-02
(assert_trap (invoke $scheduling "suspend-then-resume-spawned") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-02
(assert_trap (invoke $scheduling "yield-then-resume-spawned") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-01 IDX-10
(assert_trap (invoke $scheduling "suspend-then-resume-unknown") "unknown handle index")
(component instance $scheduling $Scheduling)
;;; STR-01 IDX-10
(assert_trap (invoke $scheduling "yield-then-resume-unknown") "unknown handle index")
(component instance $scheduling $Scheduling)
;;; STP-01 IDX-10
(assert_trap (invoke $scheduling "suspend-then-promote-unknown") "unknown handle index")
(component instance $scheduling $Scheduling)
;;; STP-01 IDX-10
(assert_trap (invoke $scheduling "yield-then-promote-unknown") "unknown handle index")
