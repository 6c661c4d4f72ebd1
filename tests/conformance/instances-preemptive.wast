;; Threads in several component instances: each has a thread table of its own, and a call of another one runs on a thread there.
;;! shared-everything = true

(component definition $Program
  ;; Both components have this module: gates and a table of functions.
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 4 4 (ref null (shared func))))

  (component $Callee
    (import "state" (core module $State
      (export "memory" (memory 1 1 shared))
      (export "functions" (table shared 4 4 (ref null (shared func))))))
    (core instance $state (instantiate $State))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
    (canon thread.index (core func $index))
    (canon thread.new-indirect $start (core table $state "functions") (core func $new))
    (canon thread.suspend (core func $suspend))
    (canon thread.suspend-then-resume (core func $switch))
    (canon thread.resume-later (core func $resume))
    (canon context.get i32 0 (core func $get))
    (canon context.set i32 0 (core func $set))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $unary (shared (func (param i32) (result i32))))
      (type $spawn (shared (func (param i32 i32) (result i32))))
      (import "state" "memory" (memory 1 1 shared))
      (import "state" "functions" (table $functions shared 4 4 (ref null (shared func))))
      (import "thread" "spawn" (func $spawn (type $spawn)))
      (import "thread" "index" (func $index (type $get)))
      (import "thread" "suspend" (func $suspend (type $get)))
      (import "thread" "new" (func $new (type $spawn)))
      (import "thread" "switch" (func $switch (type $unary)))
      (import "thread" "resume" (func $resume (type $start)))
      (import "context" "get" (func $get (type $get)))
      (import "context" "set" (func $set (type $start)))
      ;; 0: the gate of threads that live on.
      (func $lives (type $start) (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
      (func $resumes (type $start) (param $thread i32) (call $resume (local.get $thread)))
      (elem (table $functions) (i32.const 0) (ref null (shared func)) (ref.func $lives) (ref.func $resumes))
      (func (export "index") (type $get) (call $index))
      ;; The index of a thread that lives until the program ends.
      (func (export "spawn") (type $get) (call $spawn (i32.const 0) (i32.const 0)))
      (func (export "suspend") (type $get) (call $suspend))
      ;; Suspends the thread of this call, which a new thread of this instance resumes.
      (func (export "nap") (type $get)
        (drop (call $switch (call $new (i32.const 1) (call $index))))
        (call $index))
      ;; What the slot contains, which then contains something else.
      (func (export "slot") (type $get) (call $get) (call $set (i32.const 99))))
    (core instance $main (instantiate $Main
      (with "state" (instance $state))
      (with "thread" (instance
        (export "spawn" (func $spawn)) (export "index" (func $index))
        (export "suspend" (func $suspend)) (export "resume" (func $resume))
        (export "new" (func $new)) (export "switch" (func $switch))))
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "index") (result u32) (canon lift (core func $main "index")))
    (func (export "spawn") (result u32) (canon lift (core func $main "spawn")))
    (func (export "suspend") (result u32) (canon lift (core func $main "suspend")))
    (func (export "nap") (result u32) (canon lift (core func $main "nap")))
    (func (export "slot") (result u32) (canon lift (core func $main "slot"))))

  (component $Caller
    (import "state" (core module $State
      (export "memory" (memory 1 1 shared))
      (export "functions" (table shared 4 4 (ref null (shared func))))))
    (import "callee" (instance $callee
      (export "index" (func (result u32)))
      (export "spawn" (func (result u32)))
      (export "suspend" (func (result u32)))
      (export "nap" (func (result u32)))
      (export "slot" (func (result u32)))))
    (core instance $state (instantiate $State))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
    (canon thread.index (core func $index))
    (canon context.get i32 0 (core func $get))
    (canon context.set i32 0 (core func $set))
    (core func $callee-index (canon lower (func $callee "index")))
    (core func $callee-spawn (canon lower (func $callee "spawn")))
    (core func $callee-suspend (canon lower (func $callee "suspend")))
    (core func $callee-nap (canon lower (func $callee "nap")))
    (core func $callee-slot (canon lower (func $callee "slot")))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $pair (shared (func (param i32 i32))))
      (type $spawn (shared (func (param i32 i32) (result i32))))
      (import "state" "memory" (memory 1 1 shared))
      (import "state" "functions" (table $functions shared 4 4 (ref null (shared func))))
      (import "thread" "spawn" (func $spawn (type $spawn)))
      (import "thread" "index" (func $index (type $get)))
      (import "context" "get" (func $get (type $get)))
      (import "context" "set" (func $set (type $start)))
      (import "callee" "index" (func $callee-index (type $get)))
      (import "callee" "spawn" (func $callee-spawn (type $get)))
      (import "callee" "suspend" (func $callee-suspend (type $get)))
      (import "callee" "nap" (func $callee-nap (type $get)))
      (import "callee" "slot" (func $callee-slot (type $get)))
      ;; 0: how many threads are done; 4: how many calls saw what they should not.
      (func $await (type $pair) (param $at i32) (param $value i32) (local $seen i32)
        (loop $again
          (local.set $seen (i32.atomic.load (local.get $at)))
          (if (i32.ne (local.get $seen) (local.get $value))
            (then
              (drop (memory.atomic.wait32 (local.get $at) (local.get $seen) (i64.const -1)))
              (br $again)))))
      (func $add (type $pair) (param $at i32) (param $value i32)
        (drop (i32.atomic.rmw.add (local.get $at) (local.get $value)))
        (drop (memory.atomic.notify (local.get $at) (i32.const -1))))
      ;; Calls the other instance many times, and is suspended there. The thread keeps its index and its slot.
      (func $calls (type $start) (param $number i32) (local $mine i32) (local $round i32)
        (local.set $mine (call $index))
        (call $set (local.get $number))
        (loop $again
          (if (i32.or
                (i32.or
                  (i32.or (i32.eqz (call $callee-index)) (i32.eqz (call $callee-nap)))
                  (i32.ne (call $index) (local.get $mine)))
                (i32.or (call $callee-slot) (i32.ne (call $get) (local.get $number))))
            (then (call $add (i32.const 4) (i32.const 1))))
          (local.set $round (i32.add (local.get $round) (i32.const 1)))
          (br_if $again (i32.ne (local.get $round) (i32.const 100))))
        (call $add (i32.const 0) (i32.const 1)))
      (func $ends (type $start) (call $add (i32.const 0) (i32.const 1)))
      (elem (table $functions) (i32.const 0) (ref null (shared func))
        (ref.func $calls) (ref.func $ends))

      (func (export "index") (result i32) (call $index))
      (func (export "callee-index") (result i32) (call $callee-index))
      (func (export "callee-spawn") (result i32) (call $callee-spawn))
      ;; The index of a thread of this instance that has ended when this returns, and the caller's own, each in a digit.
      (func (export "spawn") (result i32) (local $spawned i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (local.set $spawned (call $spawn (i32.const 1) (i32.const 0)))
        (call $await (i32.const 0) (i32.const 1))
        (i32.add (i32.mul (local.get $spawned) (i32.const 10)) (call $index)))
      ;; How many calls of eight threads went wrong.
      (func (export "wrong") (result i32) (local $thread i32)
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (loop $again
          (local.set $thread (i32.add (local.get $thread) (i32.const 1)))
          (drop (call $spawn (i32.const 0) (local.get $thread)))
          (br_if $again (i32.ne (local.get $thread) (i32.const 8))))
        (call $await (i32.const 0) (i32.const 8))
        (i32.load (i32.const 4)))
      (func (export "nap") (result i32) (call $callee-nap))
      (func (export "suspend") (result i32) (call $callee-suspend)))
    (core instance $main (instantiate $Main
      (with "state" (instance $state))
      (with "thread" (instance
        (export "spawn" (func $spawn)) (export "index" (func $index))))
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))
      (with "callee" (instance
        (export "index" (func $callee-index)) (export "spawn" (func $callee-spawn))
        (export "suspend" (func $callee-suspend)) (export "nap" (func $callee-nap))
        (export "slot" (func $callee-slot))))))
    (func (export "index") (result u32) (canon lift (core func $main "index")))
    (func (export "callee-index") (result u32) (canon lift (core func $main "callee-index")))
    (func (export "callee-spawn") (result u32) (canon lift (core func $main "callee-spawn")))
    (func (export "spawn") (result u32) (canon lift (core func $main "spawn")))
    (func (export "wrong") (result u32) (canon lift (core func $main "wrong")))
    (func (export "nap") (result u32) (canon lift (core func $main "nap")))
    (func (export "suspend") (result u32) (canon lift (core func $main "suspend"))))

  (instance $callee (instantiate $Callee (with "state" (core module $State))))
  (instance $caller (instantiate $Caller (with "state" (core module $State)) (with "callee" (instance $callee))))
  (instance $another (instantiate $Callee (with "state" (core module $State))))
  (export "index" (func $caller "index"))
  (export "callee-index" (func $caller "callee-index"))
  (export "callee-spawn" (func $caller "callee-spawn"))
  (export "spawn" (func $caller "spawn"))
  (export "wrong" (func $caller "wrong"))
  (export "nap" (func $caller "nap"))
  (export "suspend" (func $caller "suspend"))
  (export "another-spawn" (func $another "spawn"))
  (export "another-index" (func $another "index")))

(component instance $program $Program)
;;; IDX-04 IDX-06
(assert_return (invoke $program "index") (u32.const 1))
;; The call of the other instance has a thread of its own there.
;;; IDX-04 IDX-06
(assert_return (invoke $program "callee-index") (u32.const 1))
;;; IDX-12
(assert_return (invoke $program "callee-index") (u32.const 1))
;; 2 is spawned there, beside the thread of the call. Indices here are the same as before.
;;; IDX-04
(assert_return (invoke $program "callee-spawn") (u32.const 2))
;;; IDX-07
(assert_return (invoke $program "spawn") (u32.const 21))
;;; IDX-04 IDX-12
(assert_return (invoke $program "callee-spawn") (u32.const 3))
;;; IDX-04 IDX-07
(assert_return (invoke $program "callee-index") (u32.const 1))
;; Another instance of the same component has another table.
;;; IDX-04
(assert_return (invoke $program "another-spawn") (u32.const 2))
;;; IDX-04
(assert_return (invoke $program "another-index") (u32.const 1))
;; The thread of the call is suspended and resumed in the other instance, by the index that it has there.
;;; IDX-04
(assert_return (invoke $program "nap") (u32.const 1))
;; Eight threads call in parallel. Each has an index of its own there.
;;; IDX-04 CTX-17
(assert_return (invoke $program "wrong") (u32.const 0))

;; The call waits for the one of the other instance, which nothing is left to resume.
(component instance $alone $Program)
(assert_return (invoke $alone "nap") (u32.const 1))
(assert_trap (invoke $alone "suspend") "deadlock")

;; Each start function runs on a thread of its own component instance.
(component definition $Starts
  (component $Threads
    (canon thread.index (core func $index))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func $spawn))
    (core module $Main
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
      (type $unshared (func (result i32)))
      (import "thread" "index" (func $index (type $get)))
      (import "thread" "spawn" (func $spawn (type $spawn)))
      (global $seen (mut i32) (i32.const 0))
      (func $lives (type $start))
      (elem declare func $lives)
      (func $begin
        (global.set $seen (i32.add (i32.mul (call $index) (i32.const 10)) (call $spawn (ref.func $lives) (i32.const 0)))))
      (start $begin)
      (func (export "seen") (type $unshared) (global.get $seen)))
    (core instance $main (instantiate $Main
      (with "thread" (instance (export "index" (func $index)) (export "spawn" (func $spawn))))))
    (func (export "seen") (result u32) (canon lift (core func $main "seen"))))
  (instance $one (instantiate $Threads))
  (instance $two (instantiate $Threads))
  (export "one" (func $one "seen"))
  (export "two" (func $two "seen")))
(component instance $starts $Starts)
;;; IDX-04 IDX-06
(assert_return (invoke $starts "one") (u32.const 12))
;;; IDX-04 IDX-06
(assert_return (invoke $starts "two") (u32.const 12))
