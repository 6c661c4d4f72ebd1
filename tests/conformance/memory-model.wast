;; The memory model, by its classic tests. Threads walk in parallel along a row of cells, each cell being one round of the test;
;; afterwards the outcomes are counted. Those that the model forbids must not occur, whatever the interleaving. Where
;; accesses are not atomic all outcomes are allowed, but no value that nobody wrote.
;;! shared-everything = true

(component definition $Litmus
  (core module $State
    (memory (export "memory") 5 5 shared)
    (table (export "functions") shared 32 32 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
  (core module $Main
    (type (func (param i32)))
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $step (shared (func)))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    ;; 2048 cells of 128 bytes, with x at 0 and y at 64; then four rows of results, r0 to r3, with four bytes for each cell;
    ;; at 300000: how many threads are ready to begin; 300004: how many are to be; 300008: how many are done; from 300064
    ;; on: how often each outcome occurred, and how often something else than 0 or 1.
    (import "state" "memory" (memory 5 5 shared))
    (import "state" "functions" (table $functions shared 32 32 (ref null (shared func))))
    (import "thread" "spawn" (func $spawn (type $spawn)))

    ;; The threads of a round begin together.
    (func $begin (type $step)
      (drop (i32.atomic.rmw.add (i32.const 300000) (i32.const 1)))
      (loop $again
        (br_if $again
          (i32.lt_u (i32.atomic.load (i32.const 300000)) (i32.atomic.load (i32.const 300004))))))
    (func $done (type $step)
      (drop (i32.atomic.rmw.add (i32.const 300008) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 300008) (i32.const -1))))

    (func $store-buffering-atomic-0 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.atomic.store (local.get $p) (i32.const 1))
        (i32.store offset=262144 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load offset=64 (local.get $p)))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $store-buffering-atomic-1 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.atomic.store offset=64 (local.get $p) (i32.const 1))
        (i32.store offset=270336 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load (local.get $p)))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $store-buffering-0 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store (local.get $p) (i32.const 1))
        (i32.store offset=262144 (i32.shr_u (local.get $p) (i32.const 5)) (i32.load offset=64 (local.get $p)))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $store-buffering-1 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=64 (local.get $p) (i32.const 1))
        (i32.store offset=270336 (i32.shr_u (local.get $p) (i32.const 5)) (i32.load (local.get $p)))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $message-passing-atomic-0 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store (local.get $p) (i32.const 1))
        (i32.atomic.store offset=64 (local.get $p) (i32.const 1))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $message-passing-atomic-1 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=262144 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load offset=64 (local.get $p)))
        (i32.store offset=270336 (i32.shr_u (local.get $p) (i32.const 5)) (i32.load (local.get $p)))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $message-passing-0 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store (local.get $p) (i32.const 1))
        (i32.store offset=64 (local.get $p) (i32.const 1))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $message-passing-1 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=262144 (i32.shr_u (local.get $p) (i32.const 5)) (i32.load offset=64 (local.get $p)))
        (i32.store offset=270336 (i32.shr_u (local.get $p) (i32.const 5)) (i32.load (local.get $p)))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $load-buffering-atomic-0 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=262144 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load (local.get $p)))
        (i32.atomic.store offset=64 (local.get $p) (i32.const 1))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $load-buffering-atomic-1 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=270336 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load offset=64 (local.get $p)))
        (i32.atomic.store (local.get $p) (i32.const 1))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $load-buffering-0 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=262144 (i32.shr_u (local.get $p) (i32.const 5)) (i32.load (local.get $p)))
        (i32.store offset=64 (local.get $p) (i32.const 1))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $load-buffering-1 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=270336 (i32.shr_u (local.get $p) (i32.const 5)) (i32.load offset=64 (local.get $p)))
        (i32.store (local.get $p) (i32.const 1))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $writes-0 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.atomic.store (local.get $p) (i32.const 1))
        (i32.atomic.store offset=64 (local.get $p) (i32.const 2))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $writes-1 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.atomic.store offset=64 (local.get $p) (i32.const 1))
        (i32.atomic.store (local.get $p) (i32.const 2))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $independent-0 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.atomic.store (local.get $p) (i32.const 1))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $independent-1 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.atomic.store offset=64 (local.get $p) (i32.const 1))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $independent-2 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=262144 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load (local.get $p)))
        (i32.store offset=270336 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load offset=64 (local.get $p)))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (func $independent-3 (type $start) (param $p i32)
      (call $begin)
      (loop $next
        (i32.store offset=278528 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load offset=64 (local.get $p)))
        (i32.store offset=286720 (i32.shr_u (local.get $p) (i32.const 5)) (i32.atomic.load (local.get $p)))
        (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144))))
      (call $done))
    (elem (table $functions) (i32.const 0) (ref null (shared func))
      (ref.func $store-buffering-atomic-0) (ref.func $store-buffering-atomic-1)
      (ref.func $store-buffering-0) (ref.func $store-buffering-1)
      (ref.func $message-passing-atomic-0) (ref.func $message-passing-atomic-1)
      (ref.func $message-passing-0) (ref.func $message-passing-1)
      (ref.func $load-buffering-atomic-0) (ref.func $load-buffering-atomic-1)
      (ref.func $load-buffering-0) (ref.func $load-buffering-1)
      (ref.func $writes-0) (ref.func $writes-1)
      (ref.func $independent-0) (ref.func $independent-1)
      (ref.func $independent-2) (ref.func $independent-3))

    (func $await (param $threads i32)
      (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 300008)))
        (if (i32.ne (local.get $seen) (local.get $threads))
          (then
            (drop (memory.atomic.wait32 (i32.const 300008) (local.get $seen) (i64.const -1)))
            (br $again)))))
    (func $outcome (param $number i32)
      (local $at i32)
      (local.set $at (i32.add (i32.const 300064) (i32.shl (local.get $number) (i32.const 2))))
      (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1))))
    ;; Counts the outcomes r0 r1, or r0 r1 r2 r3, as binary numbers. For the test of writes x - 1 and y - 1 count instead.
    (func $count (param $results i32) (param $writes i32)
      (local $p i32) (local $at i32) (local $row i32) (local $number i32) (local $value i32)
      (loop $next
        (local.set $number (i32.const 0))
        (local.set $row (i32.const 0))
        (local.set $at (i32.add (i32.const 262144) (i32.shr_u (local.get $p) (i32.const 5))))
        (loop $more
          (local.set $value
            (if (result i32) (local.get $writes)
              (then
                (i32.sub
                  (i32.load (i32.add (local.get $p) (i32.shl (local.get $row) (i32.const 6))))
                  (i32.const 1)))
              (else (i32.load (i32.add (local.get $at) (i32.shl (local.get $row) (i32.const 13)))))))
          (if (i32.gt_u (local.get $value) (i32.const 1)) (then (call $outcome (i32.const 16))))
          (local.set $number (i32.add (i32.shl (local.get $number) (i32.const 1)) (local.get $value)))
          (br_if $more
            (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 1))) (local.get $results))))
        (call $outcome (i32.and (local.get $number) (i32.const 15)))
        (br_if $next
          (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 128))) (i32.const 262144)))))

    ;; Runs the functions from $first on, each on a thread; there are as many results.
    (func (export "run") (param $first i32) (param $threads i32) (param $passes i32) (result i32)
      (local $each i32) (local $number i32) (local $sum i32)
      (memory.fill (i32.const 300064) (i32.const 0) (i32.const 128))
      (loop $pass
        (memory.fill (i32.const 0) (i32.const 0) (i32.const 294912))
        (i32.atomic.store (i32.const 300000) (i32.const 0))
        (i32.atomic.store (i32.const 300004) (local.get $threads))
        (i32.atomic.store (i32.const 300008) (i32.const 0))
        (local.set $each (i32.const 0))
        (loop $again
          (drop (call $spawn (i32.add (local.get $first) (local.get $each)) (i32.const 0)))
          (br_if $again
            (i32.lt_u (local.tee $each (i32.add (local.get $each) (i32.const 1))) (local.get $threads))))
        (call $await (local.get $threads))
        (call $count (local.get $threads) (i32.eq (local.get $first) (i32.const 12)))
        (br_if $pass (local.tee $passes (i32.sub (local.get $passes) (i32.const 1)))))
      ;; How many rounds there were.
      (loop $again
        (local.set $sum
          (i32.add (local.get $sum)
            (i32.load offset=300064 (i32.shl (local.get $number) (i32.const 2)))))
        (br_if $again
          (i32.lt_u (local.tee $number (i32.add (local.get $number) (i32.const 1))) (i32.const 16))))
      (local.get $sum))
    (func (export "outcome") (param $number i32) (result i32)
      (i32.load offset=300064 (i32.shl (local.get $number) (i32.const 2)))))
  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "run") (param "first" u32) (param "threads" u32) (param "passes" u32) (result u32)
    (canon lift (core func $main "run")))
  (func (export "outcome") (param "number" u32) (result u32) (canon lift (core func $main "outcome"))))

(component instance $litmus $Litmus)

;; Store buffering, atomic: not both threads miss the store of the other.
(assert_return (invoke $litmus "run" (u32.const 0) (u32.const 2) (u32.const 200)) (u32.const 409600))
(assert_return (invoke $litmus "outcome" (u32.const 0)) (u32.const 0))
(assert_return (invoke $litmus "outcome" (u32.const 16)) (u32.const 0))

;; Store buffering, not atomic.
(assert_return (invoke $litmus "run" (u32.const 2) (u32.const 2) (u32.const 200)) (u32.const 409600))
(assert_return (invoke $litmus "outcome" (u32.const 16)) (u32.const 0))

;; Message passing with an atomic flag: whoever sees the flag sees the message.
(assert_return (invoke $litmus "run" (u32.const 4) (u32.const 2) (u32.const 200)) (u32.const 409600))
(assert_return (invoke $litmus "outcome" (u32.const 2)) (u32.const 0))
(assert_return (invoke $litmus "outcome" (u32.const 16)) (u32.const 0))

;; Message passing, not atomic.
(assert_return (invoke $litmus "run" (u32.const 6) (u32.const 2) (u32.const 200)) (u32.const 409600))
(assert_return (invoke $litmus "outcome" (u32.const 16)) (u32.const 0))

;; Load buffering, atomic: not both threads see the store of the other.
(assert_return (invoke $litmus "run" (u32.const 8) (u32.const 2) (u32.const 200)) (u32.const 409600))
(assert_return (invoke $litmus "outcome" (u32.const 3)) (u32.const 0))
(assert_return (invoke $litmus "outcome" (u32.const 16)) (u32.const 0))

;; Load buffering, not atomic.
(assert_return (invoke $litmus "run" (u32.const 10) (u32.const 2) (u32.const 200)) (u32.const 409600))
(assert_return (invoke $litmus "outcome" (u32.const 16)) (u32.const 0))

;; Two stores each, in opposite orders: the first one of neither thread is the last one of all.
(assert_return (invoke $litmus "run" (u32.const 12) (u32.const 2) (u32.const 200)) (u32.const 409600))
(assert_return (invoke $litmus "outcome" (u32.const 0)) (u32.const 0))
(assert_return (invoke $litmus "outcome" (u32.const 16)) (u32.const 0))

;; Independent reads of independent writes: the readers agree on the order of the writes.
(assert_return (invoke $litmus "run" (u32.const 14) (u32.const 4) (u32.const 100)) (u32.const 204800))
(assert_return (invoke $litmus "outcome" (u32.const 10)) (u32.const 0))
(assert_return (invoke $litmus "outcome" (u32.const 16)) (u32.const 0))

;; Messages in shared globals and tables: the flag and its message only grow, and whoever sees an atomic flag sees its
;; message. One value of a place, read twice, does not go back.
(component definition $Messages
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (core module $Main
    (type (func (param i32)))
    (type (func (param i32) (result i32)))
    (type $start (shared (func (param i32))))
    (type $call (shared (func (result i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (memory 1 1 shared)
    (table $t shared 20000 20000 (ref null $call))
    (global $flag32 (shared mut i32) (i32.const 0))
    (global $flag64 (shared mut i64) (i64.const 0))
    (global $message (shared mut i64) (i64.const 0))
    (func $seven (type $call) (result i32) (i32.const 7))
    ;; 0: how many threads are done; 4: how often something was wrong; 8: a flag.
    (func $wrong (type $start) (param $it-is i32)
      (if (local.get $it-is) (then (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1))))))
    (func $done (type $start) (param i32)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (func $write-globals (type $start) (param $rounds i32)
      (local $round i32)
      (loop $again
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (global.set $message (i64.extend_i32_u (local.get $round)))
        (global.atomic.set acq_rel $flag32 (local.get $round))
        (global.atomic.set seq_cst $flag64 (i64.extend_i32_u (local.get $round)))
        (br_if $again (i32.ne (local.get $round) (local.get $rounds))))
      (call $done (i32.const 0)))
    (func $read-globals (type $start) (param $rounds i32)
      (local $seen i64) (local $before i64)
      (loop $again
        (local.set $seen (global.atomic.get seq_cst $flag64))
        (call $wrong (i64.lt_u (i64.extend_i32_u (global.atomic.get acq_rel $flag32)) (local.get $seen)))
        (call $wrong (i64.lt_u (global.get $message) (local.get $seen)))
        (local.set $seen (i64.extend_i32_u (global.atomic.get acq_rel $flag32)))
        (call $wrong (i64.lt_u (global.get $message) (local.get $seen)))
        (call $wrong (i64.lt_u (local.get $seen) (local.get $before)))
        (local.set $before (local.get $seen))
        (br_if $again (i64.ne (local.get $seen) (i64.extend_i32_u (local.get $rounds)))))
      (call $done (i32.const 0)))
    ;; The flag says how many elements are written.
    (func $write-table (type $start) (param $count i32)
      (local $at i32)
      (loop $again
        (table.set $t (local.get $at) (ref.func $seven))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (i32.atomic.store (i32.const 8) (local.get $at))
        (br_if $again (i32.ne (local.get $at) (local.get $count))))
      (call $done (i32.const 0)))
    (func $read-table (type $start) (param $count i32)
      (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 8)))
        (if (local.get $seen)
          (then
            (call $wrong (ref.is_null (table.get $t (i32.sub (local.get $seen) (i32.const 1)))))
            (call $wrong
              (i32.ne (i32.const 7)
                (call_indirect $t (type $call) (i32.sub (local.get $seen) (i32.const 1)))))))
        (br_if $again (i32.ne (local.get $seen) (local.get $count))))
      (call $done (i32.const 0)))
    (elem declare (ref null (shared func))
      (ref.func $seven) (ref.func $write-globals) (ref.func $read-globals) (ref.func $write-table) (ref.func $read-table))
    (func $await (param $threads i32)
      (local $seen i32)
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $seen) (local.get $threads))
          (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))
      (i32.atomic.store (i32.const 0) (i32.const 0)))
    (func (export "globals") (param $rounds i32) (result i32)
      (drop (call $spawn (ref.func $read-globals) (local.get $rounds)))
      (drop (call $spawn (ref.func $write-globals) (local.get $rounds)))
      (drop (call $spawn (ref.func $read-globals) (local.get $rounds)))
      (call $await (i32.const 3))
      (i32.load (i32.const 4)))
    (func (export "tables") (param $count i32) (result i32)
      (drop (call $spawn (ref.func $read-table) (local.get $count)))
      (drop (call $spawn (ref.func $write-table) (local.get $count)))
      (drop (call $spawn (ref.func $read-table) (local.get $count)))
      (call $await (i32.const 3))
      (i32.load (i32.const 4))))
  (core instance $main (instantiate $Main (with "thread" (instance (export "spawn" (func $spawn))))))
  (func (export "globals") (param "rounds" u32) (result u32) (canon lift (core func $main "globals")))
  (func (export "tables") (param "count" u32) (result u32) (canon lift (core func $main "tables"))))

(component instance $messages $Messages)
;;; SETS-01 SETV-16
(assert_return (invoke $messages "globals" (u32.const 500000)) (u32.const 0))
;;; SETS-01 SETS-04
(assert_return (invoke $messages "tables" (u32.const 20000)) (u32.const 0))
