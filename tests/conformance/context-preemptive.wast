;; context.get and context.set in a preemptive component: the slots are each thread's own.
;;! shared-everything = true

(component definition $Context
  (core module $State
    (memory (export "memory") 1 1 shared)
    (table (export "functions") shared 8 8 (ref null (shared func))))
  (core instance $state (instantiate $State))
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-indirect shared $start (core table $state "functions") (core func $spawn))
  (canon context.get i32 0 (core func $get0))
  (canon context.set i32 0 (core func $set0))
  (canon context.get i32 1 (core func $get1))
  (canon context.set i32 1 (core func $set1))

  ;; A second core module of the same component, which sees the same slots.
  (core module $Other
    (type $get (shared (func (result i32))))
    (type $set (shared (func (param i32))))
    (import "context" "get0" (func $get0 (type $get)))
    (import "context" "set1" (func $set1 (type $set)))
    (func (export "get0") (type $get) (call $get0))
    (func (export "set1") (type $set) (param $value i32) (call $set1 (local.get $value))))
  (core instance $other (instantiate $Other
    (with "context" (instance (export "get0" (func $get0)) (export "set1" (func $set1))))))

  (core module $Main
    (type (func (result i32)))
    (type (func (param i32)))
    (type $start (shared (func (param i32))))
    (type $get (shared (func (result i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $pair (shared (func (param i32 i32))))
    (import "state" "memory" (memory 1 1 shared))
    (import "state" "functions" (table $functions shared 8 8 (ref null (shared func))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "context" "get0" (func $get0 (type $get)))
    (import "context" "set0" (func $set0 (type $start)))
    (import "context" "get1" (func $get1 (type $get)))
    (import "context" "set1" (func $set1 (type $start)))
    (import "other" "get0" (func $other-get0 (type $get)))
    (import "other" "set1" (func $other-set1 (type $start)))

    ;; 0: how many threads are done; 4: how often a slot was not as it had to be; 8: the gate.
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
    (func $expect (type $pair) (param $value i32) (param $expected i32)
      (if (i32.ne (local.get $value) (local.get $expected))
        (then (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1))))))

    ;; Both slots are zero at first, and hold what this thread writes while others write theirs.
    (func $own (type $start) (param $number i32)
      (local $round i32) (local $value i32)
      (call $expect (call $get0) (i32.const 0))
      (call $expect (call $get1) (i32.const 0))
      (loop $again
        (local.set $value (i32.add (i32.mul (local.get $number) (i32.const 1000)) (local.get $round)))
        (call $set0 (local.get $value))
        (call $set1 (i32.sub (i32.const -1) (local.get $value)))
        (call $expect (call $get0) (local.get $value))
        (call $expect (call $get1) (i32.sub (i32.const -1) (local.get $value)))
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.ne (local.get $round) (i32.const 1000))))
      ;; Over a wait, too.
      (call $await (i32.const 8) (i32.const 1))
      (call $expect (call $get0) (local.get $value))
      (call $expect (call $get1) (i32.sub (i32.const -1) (local.get $value)))
      (call $add (i32.const 0) (i32.const 1)))
    ;; Leaves values behind for whoever gets its index next.
    (func $leaves (type $start) (param $number i32)
      (call $expect (call $get0) (i32.const 0))
      (call $expect (call $get1) (i32.const 0))
      (call $set0 (i32.const -1))
      (call $set1 (i32.const -2))
      (call $add (i32.const 0) (i32.const 1)))
    (elem (table $functions) (i32.const 0) (ref null (shared func)) (ref.func $own) (ref.func $leaves))

    (func $reset
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (i32.atomic.store (i32.const 4) (i32.const 0))
      (i32.atomic.store (i32.const 8) (i32.const 0)))

    ;; How often $threads threads at once saw anything but their own values.
    (func (export "at-once") (param $threads i32) (result i32)
      (local $each i32)
      (call $reset)
      (call $set0 (i32.const 77))
      (call $set1 (i32.const 78))
      (local.set $each (local.get $threads))
      (loop $again
        (drop (call $spawn (i32.const 0) (local.get $each)))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (call $add (i32.const 8) (i32.const 1))
      (call $await (i32.const 0) (local.get $threads))
      (call $expect (call $get0) (i32.const 77))
      (call $expect (call $get1) (i32.const 78))
      (i32.load (i32.const 4)))

    (func (export "one-by-one") (param $threads i32) (result i32)
      (local $each i32)
      (call $reset)
      (loop $again
        (drop (call $spawn (i32.const 1) (local.get $each)))
        (local.set $each (i32.add (local.get $each) (i32.const 1)))
        (call $await (i32.const 0) (local.get $each))
        (br_if $again (i32.ne (local.get $each) (local.get $threads))))
      (i32.load (i32.const 4)))

    ;; The slots on entry; then they are written.
    (func (export "entry") (result i32)
      (local $entry i32)
      (local.set $entry (i32.or (call $get0) (call $get1)))
      (call $set0 (i32.const 5))
      (call $set1 (i32.const 6))
      (local.get $entry))

    (func (export "other-module") (result i32)
      (call $set0 (i32.const 5))
      (call $other-set1 (i32.const 60))
      (i32.add (call $other-get0) (call $get1)))

    (func (export "separate") (result i32)
      (call $set0 (i32.const 500))
      (call $set1 (i32.const 6))
      (i32.add (call $get0) (call $get1))))

  (core instance $main (instantiate $Main
    (with "state" (instance $state))
    (with "other" (instance $other))
    (with "thread" (instance (export "spawn" (func $spawn))))
    (with "context" (instance
      (export "get0" (func $get0))
      (export "set0" (func $set0))
      (export "get1" (func $get1))
      (export "set1" (func $set1))))))
  (func (export "at-once") (param "threads" u32) (result u32) (canon lift (core func $main "at-once")))
  (func (export "one-by-one") (param "threads" u32) (result u32) (canon lift (core func $main "one-by-one")))
  (func (export "entry") (result u32) (canon lift (core func $main "entry")))
  (func (export "other-module") (result u32) (canon lift (core func $main "other-module")))
  (func (export "separate") (result u32) (canon lift (core func $main "separate"))))

(component instance $context $Context)

;;; CTX-10
(assert_return (invoke $context "entry") (u32.const 0))
;;; CTX-10
(assert_return (invoke $context "entry") (u32.const 0))
;;; CTX-03 CTX-08
(assert_return (invoke $context "separate") (u32.const 506))
;;; CTX-18
(assert_return (invoke $context "other-module") (u32.const 65))
;;; CTX-08 CTX-09 CTX-11
(assert_return (invoke $context "at-once" (u32.const 1)) (u32.const 0))
;;; CTX-08 CTX-09 CTX-11
(assert_return (invoke $context "at-once" (u32.const 20)) (u32.const 0))
;;; CTX-09 CTX-19
(assert_return (invoke $context "one-by-one" (u32.const 200)) (u32.const 0))
;;; CTX-10
(assert_return (invoke $context "entry") (u32.const 0))

;; Slots of 64 bits.
(component definition $Wide
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (canon context.get i64 0 (core func $get0))
  (canon context.set i64 0 (core func $set0))
  (canon context.get i64 1 (core func $get1))
  (canon context.set i64 1 (core func $set1))
  (core module $Main
    (type (func (param i64)))
    (type (func (result i64)))
    (type (func (result i32)))
    (type $start (shared (func (param i32))))
    (type $get (shared (func (result i64))))
    (type $set (shared (func (param i64))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "context" "get0" (func $get0 (type $get)))
    (import "context" "set0" (func $set0 (type $set)))
    (import "context" "get1" (func $get1 (type $get)))
    (import "context" "set1" (func $set1 (type $set)))
    (memory 1 1 shared)
    ;; 0: done; 8 and 16: what the new thread saw at first and wrote.
    (func $writes (type $start) (param $number i32)
      (i64.store (i32.const 8) (i64.or (call $get0) (call $get1)))
      (call $set0 (i64.const 0x1111222233334444))
      (call $set1 (i64.const 0x0f0f0f0f00000000))
      (i64.store (i32.const 16) (i64.add (call $get0) (call $get1)))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem declare (ref null $start) (ref.func $writes))
    (func $run
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (call $spawn (ref.func $writes) (i32.const 0)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
    (func (export "at-first") (result i64)
      (call $set0 (i64.const -1))
      (call $set1 (i64.const -1))
      (call $run)
      (i64.load (i32.const 8)))
    (func (export "written") (result i64)
      (call $run)
      (i64.load (i32.const 16)))
    (func (export "kept") (result i64)
      (call $set0 (i64.const 0x0123456700000000))
      (call $set1 (i64.const 0x0000000089abcdef))
      (call $run)
      (i64.or (call $get0) (call $get1))))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "spawn" (func $spawn))))
    (with "context" (instance
      (export "get0" (func $get0))
      (export "set0" (func $set0))
      (export "get1" (func $get1))
      (export "set1" (func $set1))))))
  (func (export "at-first") (result u64) (canon lift (core func $main "at-first")))
  (func (export "written") (result u64) (canon lift (core func $main "written")))
  (func (export "kept") (result u64) (canon lift (core func $main "kept"))))

(component instance $wide $Wide)
;;; CTX-04 CTX-09
(assert_return (invoke $wide "at-first") (u64.const 0))
;;; CTX-04 CTX-08
(assert_return (invoke $wide "written") (u64.const 0x2020313133334444))
;;; CTX-04 CTX-08
(assert_return (invoke $wide "kept") (u64.const 0x0123456789abcdef))

;; post-return runs on the thread of its call, and a start function as a call does.
(component definition $Ends
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (canon thread.index (core func $index))
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))
  (core module $Main
    (type (func (result i32)))
    (type (func (param i32)))
    (type $get (shared (func (result i32))))
    (type $set (shared (func (param i32))))
    (import "context" "get" (func $get (type $get)))
    (import "context" "set" (func $set (type $set)))
    (import "thread" "index" (func $index (type $get)))
    (global $at-start (shared mut i32) (i32.const -1))
    (global $index-at-start (shared mut i32) (i32.const -1))
    (global $post-return (shared mut i32) (i32.const -1))
    (func $start
      (global.set $at-start (call $get))
      (global.set $index-at-start (call $index))
      (call $set (i32.const 3)))
    (start $start)
    (func (export "at-start") (result i32) (global.get $at-start))
    (func (export "index-at-start") (result i32) (global.get $index-at-start))
    (func (export "entry") (result i32) (call $get))
    (func (export "run") (param $value i32) (result i32)
      (call $set (local.get $value))
      (i32.const 0))
    (func (export "post-return") (param i32)
      (global.set $post-return (call $get))
      (call $set (i32.const 9)))
    (func (export "seen-by-post-return") (result i32) (global.get $post-return))
    (memory (export "memory") 1 1 shared)
    (global $realloc (shared mut i32) (i32.const -1))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $realloc (call $get))
      (call $set (i32.const 4))
      (i32.const 8))
    (func (export "takes") (param i32 i32) (result i32) (call $get))
    (func (export "seen-by-realloc") (result i32) (global.get $realloc)))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "index" (func $index))))
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (func (export "at-start") (result u32) (canon lift (core func $main "at-start")))
  (func (export "index-at-start") (result u32) (canon lift (core func $main "index-at-start")))
  (func (export "entry") (result u32) (canon lift (core func $main "entry")))
  (func (export "run") (param "value" u32) (result u32)
    (canon lift (core func $main "run") (post-return (core func $main "post-return"))))
  (func (export "seen-by-post-return") (result u32) (canon lift (core func $main "seen-by-post-return")))
  (func (export "takes") (param "text" string) (result u32)
    (canon lift (core func $main "takes") (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
  (func (export "seen-by-realloc") (result u32) (canon lift (core func $main "seen-by-realloc"))))

(component instance $ends $Ends)
;;; CTX-20
(assert_return (invoke $ends "at-start") (u32.const 0))
;;; CTX-20 IDX-06
(assert_return (invoke $ends "index-at-start") (u32.const 1))
;;; CTX-10 CTX-20
(assert_return (invoke $ends "entry") (u32.const 0))
;;; CTX-16
(assert_return (invoke $ends "run" (u32.const 8)) (u32.const 0))
;;; CTX-13
(assert_return (invoke $ends "seen-by-post-return") (u32.const 8))
;;; CTX-10
(assert_return (invoke $ends "entry") (u32.const 0))
;; realloc is a thread of its own, before the function runs.
;;; CTX-14 IMP-01
(assert_return (invoke $ends "takes" (str.const "a text")) (u32.const 0))
;;; CTX-14
(assert_return (invoke $ends "seen-by-realloc") (u32.const 0))

;; A call to another component: the callee begins with empty slots, and the caller's are unchanged.
(component
  (component $Callee
    (canon context.get i32 0 (core func $get))
    (canon context.set i32 0 (core func $set))
    (core module $Main
      (import "context" "get" (func $get (result i32)))
      (import "context" "set" (func $set (param i32)))
      (func (export "run") (result i32) (local $old i32)
        (local.set $old (call $get))
        (call $set (i32.const 9))
        (local.get $old)))
    (core instance $main (instantiate $Main
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (component $Caller
    (import "run" (func $run (result u32)))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func))
    (canon lower (func $run) (core func $lowered))
    (canon context.get i32 0 (core func $get))
    (canon context.set i32 0 (core func $set))
    (core module $Main
      (import "callee" "run" (func $run (result i32)))
      (import "context" "get" (func $get (result i32)))
      (import "context" "set" (func $set (param i32)))
      (func (export "run") (result i32)
        (call $set (i32.const 5))
        (i32.add (i32.mul (call $run) (i32.const 10)) (call $get))))
    (core instance $main (instantiate $Main
      (with "callee" (instance (export "run" (func $lowered))))
      (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "run" (func $callee "run"))))
  (export "run" (func $caller "run")))
;;; CTX-10 CTX-17
(assert_return (invoke "run") (u32.const 5))
;;; CTX-10 CTX-17
(assert_return (invoke "run") (u32.const 5))
