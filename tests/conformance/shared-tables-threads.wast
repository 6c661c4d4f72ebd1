;; Shared tables between threads: what one writes, others see; and they may read while it grows.
;;! shared-everything = true

(component definition $Threads
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "start") shared 8 8 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $state "start") (core func $spawn))
  (core module $Main
    (type (func (param i32)))
    (type (func (result i32)))
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $call (shared (func (result i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $pair (shared (func (param i32 i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "start" (table $start shared 8 8 (ref null (shared func))))
    (import "thread" "spawn" (func $spawn (type $spawn)))

    (table $t shared 16 16 (ref null (shared func)))
    (table $typed shared 16 16 (ref null $call))
    (table $grows shared 1 20000 (ref null $call))
    (elem $segment (ref null (shared func)) (ref.func $one) (ref.func $two) (ref.func $three))

    ;; 0: how many threads are done; 4: how often something was wrong; 8: the gate.
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
    (func $wrong (type $start) (param $it-is i32)
      (if (local.get $it-is) (then (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1))))))

    (func $one (type $call) (result i32) (i32.const 1))
    (func $two (type $call) (result i32) (i32.const 2))
    (func $three (type $call) (result i32) (i32.const 3))

    ;; Writes the table in one of several ways, and tells the caller.
    (func $write (type $start) (param $how i32)
      (block $done
        (block $4 (block $3 (block $2 (block $1 (block $0
          (br_table $0 $1 $2 $3 $4 (local.get $how)))
          (table.set $t (i32.const 0) (ref.func $one))
          (table.set $t (i32.const 15) (ref.func $two))
          (br $done))
          (table.fill $t (i32.const 2) (ref.func $three) (i32.const 10))
          (br $done))
          (table.copy $t $t (i32.const 1) (i32.const 0) (i32.const 2))
          (br $done))
          (table.init $t $segment (i32.const 3) (i32.const 0) (i32.const 3))
          (elem.drop $segment)
          (br $done))
        (table.copy $typed $typed (i32.const 1) (i32.const 0) (i32.const 1))
        (table.set $typed (i32.const 0) (ref.null $call)))
      (call $add (i32.const 0) (i32.const 1)))

    ;; Writes one of two functions into an element, again and again.
    (func $alternate (type $start) (param $rounds i32)
      (loop $again
        (table.set $typed (i32.const 8)
          (select (result (ref $call)) (ref.func $one) (ref.func $two) (i32.and (local.get $rounds) (i32.const 1))))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $add (i32.const 0) (i32.const 1)))
    ;; Calls it meanwhile in both ways.
    (func $call-it (type $start) (param $rounds i32)
      (local $given i32)
      (loop $again
        (local.set $given (call_indirect $typed (type $call) (i32.const 8)))
        (call $wrong (i32.gt_u (i32.sub (local.get $given) (i32.const 1)) (i32.const 1)))
        (local.set $given (call_ref $call (table.get $typed (i32.const 8))))
        (call $wrong (i32.gt_u (i32.sub (local.get $given) (i32.const 1)) (i32.const 1)))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $add (i32.const 0) (i32.const 1)))

    ;; Grows a table by one element at a time.
    (func $grow (type $start) (param $times i32)
      (loop $again
        (call $wrong (i32.eq (table.grow $grows (ref.func $three) (i32.const 1)) (i32.const -1)))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br_if $again (local.get $times)))
      (call $add (i32.const 0) (i32.const 1)))
    ;; Reads the newest element there is until the table has grown to the size given: it is there, and not null.
    (func $read (type $start) (param $until i32)
      (local $size i32) (local $before i32)
      (loop $again
        (local.set $size (table.size $grows))
        (call $wrong (i32.lt_u (local.get $size) (local.get $before)))
        (local.set $before (local.get $size))
        (call $wrong (ref.is_null (table.get $grows (i32.sub (local.get $size) (i32.const 1)))))
        (call $wrong
          (i32.ne (call_indirect $grows (type $call) (i32.sub (local.get $size) (i32.const 1))) (i32.const 3)))
        (br_if $again (i32.lt_u (local.get $size) (local.get $until))))
      (call $add (i32.const 0) (i32.const 1)))
    ;; Two threads that copy and fill at once keep every element one of the functions.
    (func $churn (type $start) (param $rounds i32)
      (loop $again
        (table.fill $t (i32.const 0) (ref.func $one) (i32.const 8))
        (table.copy $t $t (i32.const 4) (i32.const 0) (i32.const 12))
        (table.fill $t (i32.const 4) (ref.func $two) (i32.const 8))
        (table.copy $t $t (i32.const 0) (i32.const 4) (i32.const 12))
        (call $wrong
          (i32.gt_u
            (i32.sub (call_indirect $t (type $call) (i32.and (local.get $rounds) (i32.const 15))) (i32.const 1))
            (i32.const 2)))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (call $add (i32.const 0) (i32.const 1)))
    (elem (table $start) (i32.const 0) (ref null (shared func))
      (ref.func $write) (ref.func $alternate) (ref.func $call-it) (ref.func $grow) (ref.func $read) (ref.func $churn))

    (func $run (param $function i32) (param $argument i32)
      (drop (call $spawn (local.get $function) (local.get $argument))))
    (func $join (param $threads i32) (result i32)
      (call $await (i32.const 0) (local.get $threads))
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (i32.load (i32.const 4)))
    (func $call-element (param $at i32) (result i32)
      (if (ref.is_null (table.get $t (local.get $at))) (then (return (i32.const 0))))
      (call_indirect $t (type $call) (local.get $at)))
    ;; What the elements 0 to 7 give, in decimal digits, after another thread has written.
    (func (export "written") (param $how i32) (result i32)
      (local $at i32) (local $digits i32)
      (call $run (i32.const 0) (local.get $how))
      (drop (call $join (i32.const 1)))
      (loop $again
        (local.set $digits
          (i32.add (i32.mul (local.get $digits) (i32.const 10)) (call $call-element (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $again (i32.ne (local.get $at) (i32.const 8))))
      (local.get $digits))
    (func (export "last") (result i32) (call $call-element (i32.const 15)))
    (func (export "typed") (result i32)
      (table.set $typed (i32.const 0) (ref.func $two))
      (call $run (i32.const 0) (i32.const 4))
      (drop (call $join (i32.const 1)))
      (i32.add
        (i32.mul (i32.const 10) (call_indirect $typed (type $call) (i32.const 1)))
        (ref.is_null (table.get $typed (i32.const 0)))))
    (func (export "init-again")
      (table.init $t $segment (i32.const 0) (i32.const 0) (i32.const 1)))
    (func (export "alternate") (param $rounds i32) (result i32)
      (table.set $typed (i32.const 8) (ref.func $one))
      (call $run (i32.const 1) (local.get $rounds))
      (call $run (i32.const 1) (i32.add (local.get $rounds) (i32.const 1)))
      (call $run (i32.const 2) (local.get $rounds))
      (call $run (i32.const 2) (local.get $rounds))
      (call $join (i32.const 4)))
    (func (export "grow") (param $times i32) (result i32)
      (local $until i32)
      (table.set $grows (i32.const 0) (ref.func $three))
      (local.set $until (i32.add (i32.mul (local.get $times) (i32.const 2)) (i32.const 1)))
      (call $run (i32.const 4) (local.get $until))
      (call $run (i32.const 3) (local.get $times))
      (call $run (i32.const 3) (local.get $times))
      (call $run (i32.const 4) (local.get $until))
      (call $join (i32.const 4)))
    (func (export "grown") (result i32) (table.size $grows))
    (func (export "churn") (param $rounds i32) (result i32)
      (table.fill $t (i32.const 0) (ref.func $one) (i32.const 16))
      (call $run (i32.const 5) (local.get $rounds))
      (call $run (i32.const 5) (local.get $rounds))
      (call $join (i32.const 2))))

  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "written") (param "how" u32) (result u32) (canon lift (core func $main "written")))
  (func (export "last") (result u32) (canon lift (core func $main "last")))
  (func (export "typed") (result u32) (canon lift (core func $main "typed")))
  (func (export "init-again") (canon lift (core func $main "init-again")))
  (func (export "alternate") (param "rounds" u32) (result u32) (canon lift (core func $main "alternate")))
  (func (export "grow") (param "times" u32) (result u32) (canon lift (core func $main "grow")))
  (func (export "grown") (result u32) (canon lift (core func $main "grown")))
  (func (export "churn") (param "rounds" u32) (result u32) (canon lift (core func $main "churn"))))

(component instance $threads $Threads)
;; table.set
;;; SETS-01
(assert_return (invoke $threads "written" (u32.const 0)) (u32.const 10000000))
;;; SETS-01
(assert_return (invoke $threads "last") (u32.const 2))
;; table.fill
;;; SETS-01
(assert_return (invoke $threads "written" (u32.const 1)) (u32.const 10333333))
;; table.copy
;;; SETS-01
(assert_return (invoke $threads "written" (u32.const 2)) (u32.const 11033333))
;; table.init
;;; SETS-01
(assert_return (invoke $threads "written" (u32.const 3)) (u32.const 11012333))
;;; SETS-01
(assert_return (invoke $threads "typed") (u32.const 21))
;;; SETS-02
(assert_return (invoke $threads "alternate" (u32.const 100000)) (u32.const 0))
;;; SETS-01 SETS-02
(assert_return (invoke $threads "churn" (u32.const 20000)) (u32.const 0))
;;; SETS-01 SETS-04 SETS-05
(assert_return (invoke $threads "grow" (u32.const 5000)) (u32.const 0))
;;; SETS-01 SETS-05
(assert_return (invoke $threads "grown") (u32.const 10001))
;; Another thread has dropped the segment.
(assert_trap (invoke $threads "init-again") "out of bounds table access")
