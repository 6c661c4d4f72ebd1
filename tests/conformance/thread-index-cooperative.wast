;; thread.index and the thread table of a component instance, with cooperative threads.

;;; IDX-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\08\02\01"                   ;; one canonical definition
  "\26"                         ;; thread.index
  "\01\16"                      ;; a core module
  "\00asm" "\01\00\00\00"
  "\01\05\01\60\00\01\7f"       ;; [] -> [i32]
  "\02\05\01\00\00\00\00"       ;; imports ""."" of that type
  "\02\0c\02"                   ;; two core instances
  "\01\01\00\00\00"             ;; the definition as an export
  "\00\00\01\00\12\00")         ;; the module, with "" from the first one

;;; IDX-01
(assert_invalid
  (component
    (canon thread.index (core func $index))
    (core module $Main (import "thread" "index" (func (param i32) (result i32))))
    (core instance (instantiate $Main (with "thread" (instance (export "index" (func $index)))))))
  "type mismatch")

(component definition $Table
  (core module $Functions (table (export "functions") 4 4 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))

  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions 4 4 funcref))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (global $main (mut i32) (i32.const 0))
    (global $seen (mut i32) (i32.const 0))
    (global $left (mut i32) (i32.const 0))

    ;; Ends at once when it is resumed.
    (func $end (type $start) (param i32)
      (global.set $seen (call $index))
      (call $resume-later (global.get $main)))
    ;; Changes a global, and resumes nobody.
    (func $mark (type $start) (param $value i32)
      (global.set $seen (local.get $value)))
    (elem (table $functions) (i32.const 0) func $end $mark)

    (func $create (result i32) (call $new (i32.const 0) (i32.const 0)))
    (func $run (param $thread i32)
      (global.set $main (call $index))
      (drop (call $suspend-then-resume (local.get $thread))))

    (func (export "index") (result i32) (call $index))
    (func (export "create") (result i32) (call $create))
    (func (export "run") (param $thread i32) (result i32)
      (call $run (local.get $thread))
      (global.get $seen))
    (func (export "resume-later") (param $thread i32) (call $resume-later (local.get $thread)))

    ;; The indices of three new threads, as a decimal number.
    (func $three (export "three") (result i32)
      (local $first i32) (local $second i32) (local $third i32)
      (local.set $first (call $create))
      (local.set $second (call $create))
      (local.set $third (call $create))
      (call $run (local.get $first))
      (call $run (local.get $second))
      (call $run (local.get $third))
      (i32.add (i32.mul (local.get $first) (i32.const 100))
        (i32.add (i32.mul (local.get $second) (i32.const 10)) (local.get $third))))

    ;; After the threads 2, 3 and 4 have ended in the order 3, 2, 4.
    (func (export "most-recent-first") (result i32)
      (local $first i32) (local $second i32) (local $third i32)
      (local.set $first (call $create))
      (local.set $second (call $create))
      (local.set $third (call $create))
      (call $run (local.get $second))
      (call $run (local.get $first))
      (call $run (local.get $third))
      (call $three)))

  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "suspend" (func $suspend))
      (export "resume-later" (func $resume-later))
      (export "suspend-then-resume" (func $suspend-then-resume))))))
  (func (export "index") (result u32) (canon lift (core func $main "index")))
  (func (export "create") (result u32) (canon lift (core func $main "create")))
  (func (export "run") async (param "thread" u32) (result u32) (canon lift (core func $main "run")))
  (func (export "resume-later") (param "thread" u32) (canon lift (core func $main "resume-later")))
  (func (export "three") async (result u32) (canon lift (core func $main "three")))
  (func (export "most-recent-first") async (result u32) (canon lift (core func $main "most-recent-first"))))

(component instance $table $Table)
;;; IDX-02 IDX-05 IDX-06
(assert_return (invoke $table "index") (u32.const 1))
;; The index was released when the call returned.
;;; IDX-07 IDX-12
(assert_return (invoke $table "index") (u32.const 1))
;;; IDX-02 IDX-07
(assert_return (invoke $table "three") (u32.const 234))

(component instance $table $Table)
;;; IDX-07
(assert_return (invoke $table "most-recent-first") (u32.const 423))

;; A thread that is left suspended keeps its index, and another task may resume it.
(component instance $table $Table)
;;; IDX-13 NEW-13
(assert_return (invoke $table "create") (u32.const 2))
;;; IDX-07 IDX-12
(assert_return (invoke $table "index") (u32.const 1))
;;; IDX-13 NEW-13
(assert_return (invoke $table "create") (u32.const 3))
;;; IDX-14 IDX-02 NEW-16
(assert_return (invoke $table "run" (u32.const 2)) (u32.const 2))
;;; IDX-07
(assert_return (invoke $table "create") (u32.const 2))
;;; IDX-14 IDX-02 NEW-16
(assert_return (invoke $table "run" (u32.const 3)) (u32.const 3))

;; Indices that name no thread.
(component instance $table $Table)
;;; IDX-05 IDX-10
(assert_trap (invoke $table "resume-later" (u32.const 0)) "unknown handle index")
(component instance $table $Table)
;;; IDX-10
(assert_trap (invoke $table "resume-later" (u32.const 2)) "unknown handle index")
(component instance $table $Table)
;;; IDX-10
(assert_trap (invoke $table "resume-later" (u32.const 0xffffffff)) "unknown handle index")
(component instance $table $Table)
(assert_return (invoke $table "create") (u32.const 2))
(assert_return (invoke $table "run" (u32.const 2)) (u32.const 2))
;;; IDX-10 IDX-12
(assert_trap (invoke $table "resume-later" (u32.const 2)) "unknown handle index")

;; Each instance has a table of its own, and handles of resources are in another.
(component definition $Separate
  (component $Inner
    (canon thread.index (core func $index))
    (type $resource (resource (rep i32)))
    (canon resource.new $resource (core func $new))
    (core module $Main
      (import "thread" "index" (func $index (result i32)))
      (import "resource" "new" (func $new (param i32) (result i32)))
      (func (export "index") (result i32) (call $index))
      ;; The handle is the first one, although index 1 is the thread's.
      (func (export "handle") (result i32) (call $new (i32.const 0))))
    (core instance $main (instantiate $Main
      (with "thread" (instance (export "index" (func $index))))
      (with "resource" (instance (export "new" (func $new))))))
    (func (export "index") (result u32) (canon lift (core func $main "index")))
    (func (export "handle") (result u32) (canon lift (core func $main "handle"))))
  (component $Caller
    (import "one" (instance $one (export "index" (func (result u32)))))
    (import "two" (instance $two (export "index" (func (result u32)))))
    (canon lower (func $one "index") (core func $one))
    (canon lower (func $two "index") (core func $two))
    (canon thread.index (core func $index))
    (core module $Main
      (import "one" "index" (func $one (result i32)))
      (import "two" "index" (func $two (result i32)))
      (import "thread" "index" (func $index (result i32)))
      (func (export "indices") (result i32)
        (i32.add (i32.mul (call $index) (i32.const 100))
          (i32.add (i32.mul (call $one) (i32.const 10)) (call $two)))))
    (core instance $main (instantiate $Main
      (with "one" (instance (export "index" (func $one))))
      (with "two" (instance (export "index" (func $two))))
      (with "thread" (instance (export "index" (func $index))))))
    (func (export "indices") (result u32) (canon lift (core func $main "indices"))))
  (instance $one (instantiate $Inner))
  (instance $two (instantiate $Inner))
  (instance $caller (instantiate $Caller (with "one" (instance $one)) (with "two" (instance $two))))
  (export "indices" (func $caller "indices"))
  (export "handle" (func $one "handle")))

(component instance $separate $Separate)
;;; IDX-04 IDX-06 IMP-01
(assert_return (invoke $separate "indices") (u32.const 111))
;;; IDX-04
(assert_return (invoke $separate "handle") (u32.const 1))

;; A call that waits at the gate of backpressure has no index yet: the call that opens the gate runs on index 1, leaves a
;; suspended thread behind with index 2, and the waiting call gets the index that is free then.
(component definition $Gate
  (component $Callee
    (core module $Functions (table (export "functions") 1 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
    (canon thread.index (core func $index))
    (canon backpressure.inc (core func $inc))
    (canon backpressure.dec (core func $dec))
    (canon task.return (result u32) (core func $return))
    (core module $Main
      (import "functions" "functions" (table $functions 1 1 funcref))
      (import "thread" "new" (func $new (param i32 i32) (result i32)))
      (import "thread" "index" (func $index (result i32)))
      (import "backpressure" "inc" (func $inc))
      (import "backpressure" "dec" (func $dec))
      (import "task" "return" (func $return (param i32)))
      (func $end (param i32))
      (elem (table $functions) (i32.const 0) func $end)
      (func (export "close") (call $inc))
      (func (export "open") (result i32)
        (call $dec)
        (i32.add (i32.mul (call $index) (i32.const 10)) (call $new (i32.const 0) (i32.const 0))))
      (func (export "index") (call $return (call $index))))
    (core instance $main (instantiate $Main
      (with "functions" (instance $functions))
      (with "thread" (instance (export "new" (func $new)) (export "index" (func $index))))
      (with "backpressure" (instance (export "inc" (func $inc)) (export "dec" (func $dec))))
      (with "task" (instance (export "return" (func $return))))))
    (func (export "close") (canon lift (core func $main "close")))
    (func (export "open") (result u32) (canon lift (core func $main "open")))
    (func (export "index") async (result u32) (canon lift (core func $main "index") async)))
  (component $Caller
    (import "callee" (instance $callee
      (export "close" (func))
      (export "open" (func (result u32)))
      (export "index" (func async (result u32)))))
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (canon lower (func $callee "close") (core func $close))
    (canon lower (func $callee "open") (core func $open))
    (canon lower (func $callee "index") async (memory (core memory $memory "memory")) (core func $index))
    (canon waitable-set.new (core func $set-new))
    (canon waitable.join (core func $join))
    (canon waitable-set.wait (memory (core memory $memory "memory")) (core func $wait))
    (core module $Main
      (import "memory" "memory" (memory 1))
      (import "callee" "close" (func $close))
      (import "callee" "open" (func $open (result i32)))
      (import "callee" "index" (func $index (param i32) (result i32)))
      (import "set" "new" (func $set-new (result i32)))
      (import "set" "join" (func $join (param i32 i32)))
      (import "set" "wait" (func $wait (param i32 i32) (result i32)))
      (func (export "run") (result i32)
        (local $call i32) (local $set i32) (local $opened i32)
        (call $close)
        (local.set $call (call $index (i32.const 0)))
        ;; The state of the call is STARTING.
        (if (i32.ne (i32.and (local.get $call) (i32.const 15)) (i32.const 0)) (then unreachable))
        (local.set $opened (call $open))
        (local.set $set (call $set-new))
        (call $join (i32.shr_u (local.get $call) (i32.const 4)) (local.get $set))
        ;; Until its state is RETURNED.
        (loop $again
          (drop (call $wait (local.get $set) (i32.const 8)))
          (br_if $again (i32.ne (i32.load (i32.const 12)) (i32.const 2))))
        (i32.add (i32.mul (local.get $opened) (i32.const 10)) (i32.load (i32.const 0)))))
    (core instance $main (instantiate $Main
      (with "memory" (instance $memory))
      (with "callee" (instance
        (export "close" (func $close))
        (export "open" (func $open))
        (export "index" (func $index))))
      (with "set" (instance
        (export "new" (func $set-new))
        (export "join" (func $join))
        (export "wait" (func $wait))))))
    (func (export "run") async (result u32) (canon lift (core func $main "run"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "run" (func $caller "run")))

(component instance $gate $Gate)
;;; IDX-11 IMP-06
(assert_return (invoke $gate "run") (u32.const 121))
