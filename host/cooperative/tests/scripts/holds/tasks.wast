;;! shared-everything = true
;; The threads of a task: who may give its result, and what is left of it afterwards.

(component definition $C
  (core module $table (table (export "t") 4 funcref))
  (core instance $table (instantiate $table))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $table "t")))
  (core func $index (canon thread.index))
  (core func $later (canon thread.resume-later))
  (core func $yield (canon thread.yield))
  (core func $suspend (canon thread.suspend))
  (core func $yield-then-resume (canon thread.yield-then-resume))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "t" (table 4 funcref))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "index" (func $index (result i32)))
    (import "" "later" (func $later (param i32)))
    (import "" "yield" (func $yield (result i32)))
    (import "" "suspend" (func $suspend (result i32)))
    (import "" "yield-then-resume" (func $yield-then-resume (param i32) (result i32)))
    (import "" "return" (func $return (param i32)))
    (global $seen (mut i32) (i32.const 0))
    (global $left (mut i32) (i32.const 0))
    (func $return-it (param i32) (call $return (local.get 0)))
    (func $see (param i32) (global.set $seen (local.get 0)))
    (func $sleep-and-see (param i32) (drop (call $suspend)) (global.set $seen (local.get 0)))
    (func $trap (param i32) unreachable)
    (elem (i32.const 0) func $return-it $see $sleep-and-see $trap)

    ;; The implicit thread ends before the explicit one gives the result.
    (func (export "by-another-thread") (call $later (call $new (i32.const 0) (i32.const 5))))
    (func (export "result-twice") (call $return (i32.const 1)) (call $return (i32.const 2)))
    (func (export "no-result"))
    (func (export "no-result-and-a-sleeper") (drop (call $new (i32.const 0) (i32.const 5))))

    ;; A thread that a task has left can be resumed by another task.
    (func (export "leave")
      (global.set $left (call $new (i32.const 2) (i32.const 6)))
      (drop (call $yield-then-resume (global.get $left)))
      (call $return (global.get $seen)))
    (func (export "resume-what-is-left")
      (drop (call $yield-then-resume (global.get $left)))
      (call $return (global.get $seen)))
    (func (export "leave-ready")
      (call $later (call $new (i32.const 1) (i32.const 9)))
      (call $return (global.get $seen)))
    (func (export "wait-until-seen") (param i32)
      (loop $again
        (drop (call $yield))
        (br_if $again (i32.ne (global.get $seen) (local.get 0))))
      (call $return (global.get $seen)))

    (func (export "thread-traps")
      (drop (call $yield-then-resume (call $new (i32.const 3) (i32.const 0))))
      (call $return (i32.const 0))))
  (core instance $main (instantiate $main (with "" (instance
    (export "t" (table $table "t"))
    (export "new" (func $new))
    (export "index" (func $index))
    (export "later" (func $later))
    (export "yield" (func $yield))
    (export "suspend" (func $suspend))
    (export "yield-then-resume" (func $yield-then-resume))
    (export "return" (func $return))))))
  (func (export "by-another-thread") async (result u32) (canon lift (core func $main "by-another-thread") async))
  (func (export "result-twice") async (result u32) (canon lift (core func $main "result-twice") async))
  (func (export "no-result") async (result u32) (canon lift (core func $main "no-result") async))
  (func (export "no-result-and-a-sleeper") async (result u32) (canon lift (core func $main "no-result-and-a-sleeper") async))
  (func (export "leave") async (result u32) (canon lift (core func $main "leave") async))
  (func (export "resume-what-is-left") async (result u32) (canon lift (core func $main "resume-what-is-left") async))
  (func (export "leave-ready") async (result u32) (canon lift (core func $main "leave-ready") async))
  (func (export "wait-until-seen") async (param "seen" u32) (result u32) (canon lift (core func $main "wait-until-seen") async))
  (func (export "thread-traps") async (result u32) (canon lift (core func $main "thread-traps") async)))

(component instance $C $C)
;;; TSK-02 TSK-04
(assert_return (invoke "by-another-thread") (u32.const 5))
(assert_return (invoke "leave") (u32.const 0))
;;; IDX-14 TSK-07
(assert_return (invoke "resume-what-is-left") (u32.const 6))
(assert_return (invoke "leave-ready") (u32.const 6))
;;; TSK-07
(assert_return (invoke "wait-until-seen" (u32.const 9)) (u32.const 9))

(component instance $C $C)
(assert_trap (invoke "result-twice") "more than once")
(component instance $C $C)
;;; TSK-05
(assert_trap (invoke "no-result") "failed to produce a result")
(component instance $C $C)
;;; TSK-06
(assert_trap (invoke "no-result-and-a-sleeper") "deadlock")
(component instance $C $C)
;;; TRP-04
(assert_trap (invoke "thread-traps") "unreachable")
;;; TRP-02
(assert_trap (invoke "wait-until-seen" (u32.const 0)) "cannot enter component instance")
