;; thread.spawn-indirect in a cooperative component: the start type is not shared, so a new thread runs only where another
;; one blocks, yields or ends.
;;! shared-everything = true

(component definition $Spawn
  (core module $Table (table (export "functions") 8 8 funcref))
  (core instance $table (instantiate $Table))
  (core type $start (func (param i32)))
  (canon thread.spawn-indirect $start (core table $table "functions") (core func $spawn))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (canon thread.resume-later (core func $resume-later))

  (core module $Main
    (type $start (func (param i32)))
    (import "table" "functions" (table $functions 8 8 funcref))
    (import "thread" "spawn" (func $spawn (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))

    (global $main (mut i32) (i32.const 0))
    (global $argument (mut i32) (i32.const 0))
    (global $seen (mut i32) (i32.const 0))
    (global $sum (mut i32) (i32.const 0))
    (global $left (mut i32) (i32.const 0))

    (func $record (type $start) (param $argument i32)
      (global.set $argument (local.get $argument))
      (global.set $seen (call $index))
      (call $resume-later (global.get $main)))
    ;; The last of the threads that are left resumes the first one.
    (func $sum (type $start) (param $argument i32)
      (global.set $sum (i32.add (global.get $sum) (local.get $argument)))
      (global.set $left (i32.sub (global.get $left) (i32.const 1)))
      (if (i32.eqz (global.get $left)) (then (call $resume-later (global.get $main)))))
    (func $spawns (type $start) (param $argument i32)
      (if (local.get $argument)
        (then
          (drop (call $spawn (i32.const 2) (i32.sub (local.get $argument) (i32.const 1))))
          (drop (call $spawn (i32.const 2) (i32.sub (local.get $argument) (i32.const 1))))))
      (call $sum (i32.const 1)))
    (func $other-type (param i64))
    (func $traps (type $start) (param i32) unreachable)
    (func $count (type $start) (param $argument i32)
      (global.set $sum (i32.add (global.get $sum) (local.get $argument))))
    ;; The elements 6 and 7 stay null.
    (elem (table $functions) (i32.const 0) func $record $sum $spawns $other-type $traps $count)

    (func $reset (param $left i32)
      (global.set $main (call $index))
      (global.set $argument (i32.const 0))
      (global.set $seen (i32.const 0))
      (global.set $sum (i32.const 0))
      (global.set $left (local.get $left)))

    (func (export "argument") (param $argument i32) (result i32)
      (call $reset (i32.const 0))
      (drop (call $spawn (i32.const 0) (local.get $argument)))
      (drop (call $suspend))
      (global.get $argument))

    (func (export "index") (result i32)
      (local $thread i32)
      (call $reset (i32.const 0))
      (local.set $thread (call $spawn (i32.const 0) (i32.const 0)))
      (drop (call $suspend))
      (i32.and
        (i32.and
          (i32.ne (local.get $thread) (i32.const 0))
          (i32.ne (local.get $thread) (call $index)))
        (i32.eq (local.get $thread) (global.get $seen))))

    ;; What the threads have done while their creator computed on.
    (func (export "before-blocking") (result i32)
      (local $round i32)
      (call $reset (i32.const 0))
      (drop (call $spawn (i32.const 5) (i32.const 1)))
      (drop (call $spawn (i32.const 5) (i32.const 1)))
      (loop $again
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (br_if $again (i32.ne (local.get $round) (i32.const 1000000))))
      (global.get $sum))

    (func (export "sum") (param $count i32) (result i32)
      (local $each i32)
      (call $reset (local.get $count))
      (local.set $each (local.get $count))
      (loop $again
        (drop (call $spawn (i32.const 1) (local.get $each)))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (drop (call $suspend))
      (global.get $sum))

    (func (export "tree") (param $depth i32) (result i32)
      (call $reset (i32.sub (i32.shl (i32.const 2) (local.get $depth)) (i32.const 1)))
      (drop (call $spawn (i32.const 2) (local.get $depth)))
      (drop (call $suspend))
      (global.get $sum))

    (func (export "read-once") (param $argument i32) (result i32)
      (call $reset (i32.const 0))
      (table.set $functions (i32.const 7) (table.get $functions (i32.const 0)))
      (drop (call $spawn (i32.const 7) (local.get $argument)))
      (table.set $functions (i32.const 7) (ref.func $traps))
      (drop (call $suspend))
      (global.get $argument))

    (func (export "spawn") (param $element i32) (result i32)
      (call $spawn (local.get $element) (i32.const 0))))

  (core instance $main (instantiate $Main
    (with "table" (instance $table))
    (with "thread" (instance
      (export "spawn" (func $spawn))
      (export "index" (func $index))
      (export "suspend" (func $suspend))
      (export "resume-later" (func $resume-later))))))
  (func (export "argument") async (param "argument" u32) (result u32) (canon lift (core func $main "argument")))
  (func (export "index") async (result bool) (canon lift (core func $main "index")))
  (func (export "before-blocking") (result u32) (canon lift (core func $main "before-blocking")))
  (func (export "sum") async (param "count" u32) (result u32) (canon lift (core func $main "sum")))
  (func (export "tree") async (param "depth" u32) (result u32) (canon lift (core func $main "tree")))
  (func (export "read-once") async (param "argument" u32) (result u32) (canon lift (core func $main "read-once")))
  (func (export "spawn") (param "element" u32) (result u32) (canon lift (core func $main "spawn"))))

(component instance $spawn $Spawn)

;;; SPAWN-IND-19 SPAWN-IND-20
(assert_return (invoke $spawn "before-blocking") (u32.const 0))

(component instance $spawn $Spawn)
;;; SPAWN-IND-21
(assert_return (invoke $spawn "argument" (u32.const 0xdeadbeef)) (u32.const 0xdeadbeef))

;;; SPAWN-IND-17 IDX-02 IDX-05
(assert_return (invoke $spawn "index") (bool.const true))

;;; SPAWN-IND-20 SPAWN-IND-21
(assert_return (invoke $spawn "sum" (u32.const 1000)) (u32.const 500500))

;;; SPAWN-IND-20 TSK-01
(assert_return (invoke $spawn "tree" (u32.const 6)) (u32.const 127))

;;; SPAWN-IND-23
(assert_return (invoke $spawn "read-once" (u32.const 42)) (u32.const 42))

;;; SPAWN-IND-13
(assert_trap (invoke $spawn "spawn" (u32.const 8)) "undefined element")

(component instance $spawn $Spawn)
;;; SPAWN-IND-13 SPAWN-IND-16
(assert_trap (invoke $spawn "spawn" (u32.const 0xffffffff)) "undefined element")

(component instance $spawn $Spawn)
;;; SPAWN-IND-14 SPAWN-IND-16
(assert_trap (invoke $spawn "spawn" (u32.const 6)) "uninitialized")

(component instance $spawn $Spawn)
;;; SPAWN-IND-15 SPAWN-IND-16
(assert_trap (invoke $spawn "spawn" (u32.const 3)) "does not match")

;; A spawned thread belongs to its creator's task: it may return that task's result, also when the implicit thread has
;; ended already.
(component definition $Task
  (core module $Table (table (export "functions") 2 2 funcref))
  (core instance $table (instantiate $Table))
  (core type $start (func (param i32)))
  (canon thread.spawn-indirect $start (core table $table "functions") (core func $spawn))
  (canon task.return (result u32) (core func $return))
  (core module $Main
    (type $start (func (param i32)))
    (import "table" "functions" (table $functions 2 2 funcref))
    (import "thread" "spawn" (func $spawn (param i32 i32) (result i32)))
    (import "task" "return" (func $return (param i32)))
    (func $returns (type $start) (param $argument i32)
      (call $return (local.get $argument)))
    (func $spawns (type $start) (param $argument i32)
      (drop (call $spawn (i32.const 0) (i32.add (local.get $argument) (i32.const 1)))))
    (elem (table $functions) (i32.const 0) func $returns $spawns)
    (func (export "child") (param $argument i32)
      (drop (call $spawn (i32.const 0) (local.get $argument))))
    (func (export "grandchild") (param $argument i32)
      (drop (call $spawn (i32.const 1) (local.get $argument)))))
  (core instance $main (instantiate $Main
    (with "table" (instance $table))
    (with "thread" (instance (export "spawn" (func $spawn))))
    (with "task" (instance (export "return" (func $return))))))
  (func (export "child") async (param "argument" u32) (result u32) (canon lift (core func $main "child") async))
  (func (export "grandchild") async (param "argument" u32) (result u32)
    (canon lift (core func $main "grandchild") async)))

(component instance $task $Task)
;;; SPAWN-IND-22 TSK-02 TSK-04
(assert_return (invoke $task "child" (u32.const 7)) (u32.const 7))
;;; SPAWN-IND-22 TSK-01 TSK-02 TSK-04
(assert_return (invoke $task "grandchild" (u32.const 7)) (u32.const 8))

;; Arguments and tables of 64 bits, and a function of a declared subtype.
(component definition $Wide
  (core module $Functions (table (export "functions") i64 3 3 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (sub (func (param i64))))
  (canon thread.spawn-indirect $start (core table $functions "functions") (core func $spawn))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (canon thread.resume-later (core func $resume-later))
  (core module $Main
    (type $start (sub (func (param i64))))
    (type $sub (sub $start (func (param i64))))
    (type $other (func (param i64)))
    (import "functions" "functions" (table $functions i64 3 3 funcref))
    (import "thread" "spawn" (func $spawn (param i64 i64) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i64) (i64.const 0))
    (func $record (type $start) (param $argument i64)
      (global.set $seen (local.get $argument))
      (call $resume-later (global.get $main)))
    (func $sub (type $sub) (param $argument i64)
      (global.set $seen (i64.sub (i64.const 0) (local.get $argument)))
      (call $resume-later (global.get $main)))
    (func $other (type $other) (param i64) unreachable)
    (elem (table $functions) (i64.const 0) func $record $sub $other)
    (func (export "argument") (param $element i64) (param $argument i64) (result i64)
      (global.set $main (call $index))
      (drop (call $spawn (local.get $element) (local.get $argument)))
      (drop (call $suspend))
      (global.get $seen)))
  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "spawn" (func $spawn))
      (export "index" (func $index))
      (export "suspend" (func $suspend))
      (export "resume-later" (func $resume-later))))))
  (func (export "argument") async (param "element" u64) (param "argument" u64) (result u64)
    (canon lift (core func $main "argument"))))

(component instance $wide $Wide)
;;; SPAWN-IND-05 SPAWN-IND-09 SPAWN-IND-21
(assert_return (invoke $wide "argument" (u64.const 0) (u64.const 0x0123456789abcdef)) (u64.const 0x0123456789abcdef))
;;; SPAWN-IND-15
(assert_return (invoke $wide "argument" (u64.const 1) (u64.const 0xfffffffffffffffe)) (u64.const 2))
;;; SPAWN-IND-15
(assert_trap (invoke $wide "argument" (u64.const 2) (u64.const 0)) "cast failure")
(component instance $wide $Wide)
;;; SPAWN-IND-09 SPAWN-IND-13
(assert_trap (invoke $wide "argument" (u64.const 0x100000000) (u64.const 0)) "undefined element")
