;; Tasks and their threads: which task a thread belongs to, when a task ends, and the lock that implicit threads take.

(component definition $Task
  (core module $Functions (table (export "functions") 5 5 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (canon thread.resume-later (core func $resume-later))
  (canon task.return (result u32) (core func $return))

  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions 5 5 funcref))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "task" "return" (func $return (param i32)))
    (global $main (mut i32) (i32.const 0))
    (global $after (mut i32) (i32.const 0))

    (func $returns (type $start) (param $value i32) (call $return (local.get $value)))
    (func $child (type $start) (param $value i32)
      (call $resume-later (call $new (i32.const 0) (i32.add (local.get $value) (i32.const 1)))))
    (func $nothing (type $start) (param i32))
    ;; Goes on after its task has its result.
    (func $goes-on (type $start) (param $value i32)
      (call $return (local.get $value))
      (drop (call $suspend))
      (global.set $after (i32.add (local.get $value) (i32.const 1)))
      (call $resume-later (global.get $main)))
    (func $wakes (type $start) (param i32) (call $resume-later (global.get $main)))
    (elem (table $functions) (i32.const 0) func $returns $child $nothing $goes-on $wakes)

    (func (export "itself") (param $value i32) (call $return (local.get $value)))
    (func (export "by-child") (param $value i32)
      (call $resume-later (call $new (i32.const 0) (local.get $value))))
    (func (export "by-grandchild") (param $value i32)
      (call $resume-later (call $new (i32.const 1) (local.get $value))))
    (func (export "goes-on") (param $value i32)
      (call $resume-later (call $new (i32.const 3) (local.get $value))))
    (func (export "after") (param $thread i32) (result i32)
      (global.set $main (call $index))
      (call $resume-later (local.get $thread))
      (drop (call $suspend))
      (global.get $after))

    ;; No thread returns the result.
    (func (export "none"))
    (func (export "none-of-two") (call $resume-later (call $new (i32.const 2) (i32.const 0))))
    (func (export "none-yet") (drop (call $new (i32.const 0) (i32.const 0))))

    ;; The implicit thread gives the result although others have run meanwhile.
    (func (export "implicit") (result i32)
      (global.set $main (call $index))
      (call $resume-later (call $new (i32.const 2) (i32.const 0)))
      (call $resume-later (call $new (i32.const 4) (i32.const 0)))
      (drop (call $suspend))
      (i32.const 3)))

  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "suspend" (func $suspend))
      (export "resume-later" (func $resume-later))))
    (with "task" (instance (export "return" (func $return))))))
  (func (export "itself") async (param "value" u32) (result u32) (canon lift (core func $main "itself") async))
  (func (export "by-child") async (param "value" u32) (result u32) (canon lift (core func $main "by-child") async))
  (func (export "by-grandchild") async (param "value" u32) (result u32)
    (canon lift (core func $main "by-grandchild") async))
  (func (export "goes-on") async (param "value" u32) (result u32) (canon lift (core func $main "goes-on") async))
  (func (export "after") async (param "thread" u32) (result u32) (canon lift (core func $main "after")))
  (func (export "none") async (result u32) (canon lift (core func $main "none") async))
  (func (export "none-of-two") async (result u32) (canon lift (core func $main "none-of-two") async))
  (func (export "none-yet") async (result u32) (canon lift (core func $main "none-yet") async))
  (func (export "implicit") async (result u32) (canon lift (core func $main "implicit"))))

(component instance $task $Task)
;;; IMP-01
(assert_return (invoke $task "itself" (u32.const 5)) (u32.const 5))
;;; TSK-01 TSK-02 TSK-04
(assert_return (invoke $task "by-child" (u32.const 5)) (u32.const 5))
;;; TSK-01 TSK-02 TSK-04
(assert_return (invoke $task "by-grandchild" (u32.const 5)) (u32.const 6))
;;; IMP-04
(assert_return (invoke $task "implicit") (u32.const 3))

;; Thread 2 goes on after the result was returned.
(component instance $task $Task)
;;; TSK-04 TSK-07
(assert_return (invoke $task "goes-on" (u32.const 5)) (u32.const 5))
;;; TSK-07 IDX-14 IMP-05
(assert_return (invoke $task "after" (u32.const 2)) (u32.const 6))

;;; TSK-05
(assert_trap (invoke $task "none") "failed to produce a result")
(component instance $task $Task)
;;; TSK-05
(assert_trap (invoke $task "none-of-two") "failed to produce a result")
(component instance $task $Task)
;; There is a thread left that could return it, so this is no trap; nobody resumes it, and the caller waits for ever.
;;; TSK-06
(assert_trap (invoke $task "none-yet") "deadlock")

;; While an implicit thread of a task is suspended, further implicit threads wait; explicit threads and calls that are not
;; async do not.
(component definition $Lock
  (component $Callee
    (core module $Functions (table (export "functions") 2 2 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
    (canon thread.index (core func $index))
    (canon thread.suspend (core func $suspend))
    (canon thread.resume-later (core func $resume-later))
    (core module $Main
      (type $start (func (param i32)))
      (import "functions" "functions" (table $functions 2 2 funcref))
      (import "thread" "new" (func $new (param i32 i32) (result i32)))
      (import "thread" "index" (func $index (result i32)))
      (import "thread" "suspend" (func $suspend (result i32)))
      (import "thread" "resume-later" (func $resume-later (param i32)))
      (global $holder (mut i32) (i32.const 0))
      (func $resumes (type $start) (param i32) (call $resume-later (global.get $holder)))
      (elem (table $functions) (i32.const 0) func $resumes)
      (func (export "hold") (result i32)
        (global.set $holder (call $index))
        (drop (call $suspend))
        (i32.const 1))
      (func (export "next") (result i32) (i32.const 2))
      (func (export "not-async") (result i32) (i32.const 4))
      ;; Lets an explicit thread of this task resume the one that is suspended.
      (func (export "release") (call $resume-later (call $new (i32.const 0) (i32.const 0)))))
    (core instance $main (instantiate $Main
      (with "functions" (instance $functions))
      (with "thread" (instance
        (export "new" (func $new))
        (export "index" (func $index))
        (export "suspend" (func $suspend))
        (export "resume-later" (func $resume-later))))))
    (func (export "hold") async (result u32) (canon lift (core func $main "hold")))
    (func (export "next") async (result u32) (canon lift (core func $main "next")))
    (func (export "not-async") (result u32) (canon lift (core func $main "not-async")))
    (func (export "release") (canon lift (core func $main "release"))))
  (component $Caller
    (import "callee" (instance $callee
      (export "hold" (func async (result u32)))
      (export "next" (func async (result u32)))
      (export "not-async" (func (result u32)))
      (export "release" (func))))
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (alias core export $memory "memory" (core memory $mem))
    (canon lower (func $callee "hold") async (memory $mem) (core func $hold))
    (canon lower (func $callee "next") async (memory $mem) (core func $next))
    (canon lower (func $callee "not-async") (core func $not-async))
    (canon lower (func $callee "release") (core func $release))
    (canon waitable-set.new (core func $set-new))
    (canon waitable.join (core func $join))
    (canon waitable-set.wait (memory $mem) (core func $wait))
    (canon subtask.drop (core func $drop))
    (core module $Main
      (import "memory" "memory" (memory 1))
      (import "callee" "hold" (func $hold (param i32) (result i32)))
      (import "callee" "next" (func $next (param i32) (result i32)))
      (import "callee" "not-async" (func $not-async (result i32)))
      (import "callee" "release" (func $release))
      (import "set" "new" (func $set-new (result i32)))
      (import "set" "join" (func $join (param i32 i32)))
      (import "set" "wait" (func $wait (param i32 i32) (result i32)))
      (import "set" "drop" (func $drop (param i32)))
      (func $require (param $holds i32) (if (i32.eqz (local.get $holds)) (then unreachable)))
      ;; Waits until a call is in the state RETURNED.
      (func $finish (param $call i32)
        (local $set i32)
        (local.set $set (call $set-new))
        (local.set $call (i32.shr_u (local.get $call) (i32.const 4)))
        (call $join (local.get $call) (local.get $set))
        (loop $again
          (drop (call $wait (local.get $set) (i32.const 64)))
          (br_if $again (i32.ne (i32.load (i32.const 68)) (i32.const 2))))
        (call $drop (local.get $call)))
      (func (export "run") (result i32)
        (local $hold i32) (local $next i32)
        ;; The low four bits are the state of the call: STARTING, STARTED, RETURNED.
        (local.set $hold (call $hold (i32.const 0)))
        (call $require (i32.eq (i32.and (local.get $hold) (i32.const 15)) (i32.const 1)))
        (local.set $next (call $next (i32.const 4)))
        (call $require (i32.eq (i32.and (local.get $next) (i32.const 15)) (i32.const 0)))
        (call $require (i32.eq (call $not-async) (i32.const 4)))
        (call $release)
        (call $finish (local.get $hold))
        (call $finish (local.get $next))
        (i32.add (i32.mul (i32.load (i32.const 0)) (i32.const 10)) (i32.load (i32.const 4)))))
    (core instance $main (instantiate $Main
      (with "memory" (instance $memory))
      (with "callee" (instance
        (export "hold" (func $hold))
        (export "next" (func $next))
        (export "not-async" (func $not-async))
        (export "release" (func $release))))
      (with "set" (instance
        (export "new" (func $set-new))
        (export "join" (func $join))
        (export "wait" (func $wait))
        (export "drop" (func $drop))))))
    (func (export "run") async (result u32) (canon lift (core func $main "run"))))

  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "run" (func $caller "run")))

(component instance $lock $Lock)
;;; IMP-05 IMP-06
(assert_return (invoke $lock "run") (u32.const 12))

;; While a call that is not async yields, ready threads of another instance do not run.
(component definition $Siblings
  (component $Sibling
    (core module $Functions (table (export "functions") 1 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
    (canon thread.resume-later (core func $resume-later))
    (core module $Main
      (type $start (func (param i32)))
      (import "functions" "functions" (table $functions 1 1 funcref))
      (import "thread" "new" (func $new (param i32 i32) (result i32)))
      (import "thread" "resume-later" (func $resume-later (param i32)))
      (global $runs (mut i32) (i32.const 0))
      (func $counts (type $start) (param i32) (global.set $runs (i32.add (global.get $runs) (i32.const 1))))
      (elem (table $functions) (i32.const 0) func $counts)
      (func (export "start") (call $resume-later (call $new (i32.const 0) (i32.const 0))))
      (func (export "runs") (result i32) (global.get $runs)))
    (core instance $main (instantiate $Main
      (with "functions" (instance $functions))
      (with "thread" (instance (export "new" (func $new)) (export "resume-later" (func $resume-later))))))
    (func (export "start") (canon lift (core func $main "start")))
    (func (export "runs") (result u32) (canon lift (core func $main "runs"))))
  (component $Caller
    (import "sibling" (instance $sibling
      (export "start" (func))
      (export "runs" (func (result u32)))))
    (canon lower (func $sibling "start") (core func $start))
    (canon lower (func $sibling "runs") (core func $runs))
    (canon thread.yield (core func $yield))
    (core module $Main
      (import "sibling" "start" (func $start))
      (import "sibling" "runs" (func $runs (result i32)))
      (import "thread" "yield" (func $yield (result i32)))
      (func (export "run") (result i32)
        (local $round i32)
        (call $start)
        (loop $again
          (drop (call $yield))
          (local.set $round (i32.add (local.get $round) (i32.const 1)))
          (br_if $again (i32.ne (local.get $round) (i32.const 10))))
        (call $runs)))
    (core instance $main (instantiate $Main
      (with "sibling" (instance (export "start" (func $start)) (export "runs" (func $runs))))
      (with "thread" (instance (export "yield" (func $yield))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $sibling (instantiate $Sibling))
  (instance $caller (instantiate $Caller (with "sibling" (instance $sibling))))
  (export "run" (func $caller "run")))

(component instance $siblings $Siblings)
;;; SYN-05
(assert_return (invoke $siblings "run") (u32.const 0))
