;; Tasks where Wasmtime 48 differs from the specification, which is what is asserted here. Each failure that is expected is
;; listed in expected-failures.toml.

;; A call that is not async runs ready threads when it yields, but never the one that holds the lock of the instance.
(component definition $Holder
  (component $Callee
    (canon thread.yield (core func $yield))
    (core module $Main
      (import "thread" "yield" (func $yield (result i32)))
      (global $progress (mut i32) (i32.const 0))
      (func (export "hold") (result i32)
        (drop (call $yield))
        (global.set $progress (i32.const 1))
        (i32.const 5))
      (func (export "yield") (result i32)
        (local $round i32)
        (loop $again
          (drop (call $yield))
          (local.set $round (i32.add (local.get $round) (i32.const 1)))
          (br_if $again (i32.ne (local.get $round) (i32.const 10))))
        (global.get $progress)))
    (core instance $main (instantiate $Main (with "thread" (instance (export "yield" (func $yield))))))
    (func (export "hold") async (result u32) (canon lift (core func $main "hold")))
    (func (export "yield") (result u32) (canon lift (core func $main "yield"))))
  (component $Caller
    (import "callee" (instance $callee
      (export "hold" (func async (result u32)))
      (export "yield" (func (result u32)))))
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (canon lower (func $callee "hold") async (memory (core memory $memory "memory")) (core func $hold))
    (canon lower (func $callee "yield") (core func $yield))
    (canon waitable-set.new (core func $set-new))
    (canon waitable.join (core func $join))
    (canon waitable-set.wait (memory (core memory $memory "memory")) (core func $wait))
    (core module $Main
      (import "memory" "memory" (memory 1))
      (import "callee" "hold" (func $hold (param i32) (result i32)))
      (import "callee" "yield" (func $yield (result i32)))
      (import "set" "new" (func $set-new (result i32)))
      (import "set" "join" (func $join (param i32 i32)))
      (import "set" "wait" (func $wait (param i32 i32) (result i32)))
      (func (export "run") (result i32)
        (local $call i32) (local $set i32) (local $progress i32)
        (local.set $call (call $hold (i32.const 0)))
        (local.set $progress (call $yield))
        ;; An embedder may let the first yield pass, and then the call has RETURNED at once.
        (if (i32.eq (local.get $call) (i32.const 2)) (then (return (i32.const 5))))
        (local.set $set (call $set-new))
        (call $join (i32.shr_u (local.get $call) (i32.const 4)) (local.get $set))
        (loop $again
          (drop (call $wait (local.get $set) (i32.const 8)))
          (br_if $again (i32.ne (i32.load (i32.const 12)) (i32.const 2))))
        (i32.add (i32.mul (local.get $progress) (i32.const 10)) (i32.load (i32.const 0)))))
    (core instance $main (instantiate $Main
      (with "memory" (instance $memory))
      (with "callee" (instance (export "hold" (func $hold)) (export "yield" (func $yield))))
      (with "set" (instance
        (export "new" (func $set-new))
        (export "join" (func $join))
        (export "wait" (func $wait))))))
    (func (export "run") async (result u32) (canon lift (core func $main "run"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "run" (func $caller "run")))

(component instance $holder $Holder)
;;; SYN-03 VER-04 @lock-holder-runs
(assert_return (invoke $holder "run") (u32.const 5))

;; In a call that is not async and blocks, the ready threads of the instance run until the result is there.
(component definition $Blocks
  (core module $Functions (table (export "functions") 1 1 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.suspend (core func $suspend))
  (canon thread.resume-later (core func $resume-later))
  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions 1 1 funcref))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (global $main (mut i32) (i32.const 0))
    (global $value (mut i32) (i32.const 0))
    (func $wakes (type $start) (param $value i32)
      (global.set $value (local.get $value))
      (call $resume-later (global.get $main)))
    (elem (table $functions) (i32.const 0) func $wakes)
    (func (export "run") (param $value i32) (result i32)
      (global.set $main (call $index))
      (call $resume-later (call $new (i32.const 0) (local.get $value)))
      (drop (call $suspend))
      (global.get $value)))
  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "suspend" (func $suspend))
      (export "resume-later" (func $resume-later))))))
  (func (export "run") (param "value" u32) (result u32) (canon lift (core func $main "run"))))

(component instance $blocks $Blocks)
;;; SYN-01 @blocks-in-sync-call
(assert_return (invoke $blocks "run" (u32.const 5)) (u32.const 5))

;; A function that is lifted with `async` and without a callback does not take part in the lock: its calls run while another
;; task holds it.
(component definition $Stackful
  (component $Callee
    (canon thread.index (core func $index))
    (canon thread.suspend (core func $suspend))
    (canon thread.resume-later (core func $resume-later))
    (canon task.return (result u32) (core func $return))
    (core module $Main
      (import "thread" "index" (func $index (result i32)))
      (import "thread" "suspend" (func $suspend (result i32)))
      (import "thread" "resume-later" (func $resume-later (param i32)))
      (import "task" "return" (func $return (param i32)))
      (global $holder (mut i32) (i32.const 0))
      (func (export "hold") (result i32)
        (global.set $holder (call $index))
        (drop (call $suspend))
        (i32.const 1))
      (func (export "stackful")
        (call $resume-later (global.get $holder))
        (call $return (i32.const 2))))
    (core instance $main (instantiate $Main
      (with "thread" (instance
        (export "index" (func $index))
        (export "suspend" (func $suspend))
        (export "resume-later" (func $resume-later))))
      (with "task" (instance (export "return" (func $return))))))
    (func (export "hold") async (result u32) (canon lift (core func $main "hold")))
    (func (export "stackful") async (result u32) (canon lift (core func $main "stackful") async)))
  (component $Caller
    (import "callee" (instance $callee
      (export "hold" (func async (result u32)))
      (export "stackful" (func async (result u32)))))
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (canon lower (func $callee "hold") async (memory (core memory $memory "memory")) (core func $hold))
    (canon lower (func $callee "stackful") async (memory (core memory $memory "memory")) (core func $stackful))
    (core module $Main
      (import "callee" "hold" (func $hold (param i32) (result i32)))
      (import "callee" "stackful" (func $stackful (param i32) (result i32)))
      ;; The states of the two calls: STARTED, RETURNED.
      (func (export "run") (result i32)
        (i32.add
          (i32.mul (i32.and (call $hold (i32.const 0)) (i32.const 15)) (i32.const 100))
          (i32.and (call $stackful (i32.const 4)) (i32.const 15)))))
    (core instance $main (instantiate $Main
      (with "callee" (instance (export "hold" (func $hold)) (export "stackful" (func $stackful))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "run" (func $caller "run")))

(component instance $stackful $Stackful)
;;; IMP-05 @stackful-call-enters
(assert_return (invoke $stackful "run") (u32.const 102))

;; task.return is for functions that are lifted with `async`.
(component definition $Return
  (canon task.return (result u32) (core func $return))
  (core module $Main
    (import "task" "return" (func $return (param i32)))
    (func (export "run") (result i32)
      (call $return (i32.const 1))
      (i32.const 2)))
  (core instance $main (instantiate $Main (with "task" (instance (export "return" (func $return))))))
  (func (export "run") (result u32) (canon lift (core func $main "run")))
  (func (export "run-async") async (result u32) (canon lift (core func $main "run"))))

(component instance $return $Return)
;;; TSK-03 @task-return-in-sync-call
(assert_trap (invoke $return "run") "task.return")
(component instance $return $Return)
;;; TSK-03 @task-return-in-sync-lift
(assert_trap (invoke $return "run-async") "task.return")

;; A destructor is called as another component's function would be, also that of the caller's own resource.
(component definition $Destructor
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))
  (core module $Inner
    (import "context" "get" (func $get (result i32)))
    (import "context" "set" (func $set (param i32)))
    (global $seen (mut i32) (i32.const -1))
    (func (export "destructor") (param i32)
      (global.set $seen (call $get))
      (call $set (i32.const 99)))
    (func (export "seen") (result i32) (global.get $seen)))
  (core instance $inner (instantiate $Inner
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (type $resource (resource (rep i32) (dtor (core func $inner "destructor"))))
  (canon resource.new $resource (core func $new))
  (canon resource.drop $resource (core func $drop))
  (core module $Main
    (import "context" "get" (func $get (result i32)))
    (import "context" "set" (func $set (param i32)))
    (import "resource" "new" (func $new (param i32) (result i32)))
    (import "resource" "drop" (func $drop (param i32)))
    (func (export "drop") (result i32)
      (call $set (i32.const 7))
      (call $drop (call $new (i32.const 1)))
      (call $get)))
  (core instance $main (instantiate $Main
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))
    (with "resource" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "drop") (result u32) (canon lift (core func $main "drop")))
  (func (export "seen") (result u32) (canon lift (core func $inner "seen"))))

(component instance $destructor $Destructor)
;;; CTX-15 @destructor-writes-slot
(assert_return (invoke $destructor "drop") (u32.const 7))
;;; CTX-15 @destructor-sees-slot
(assert_return (invoke $destructor "seen") (u32.const 0))

;; A thread that was suspended as cancellable learns of the cancellation at once; and the index of a target is looked up
;; before a pending cancellation is delivered.
(component definition $Cancel
  (component $Callee
    (canon thread.index (core func $index))
    (canon thread.resume-later (core func $resume-later))
    (canon thread.suspend (core func $suspend))
    (canon thread.suspend cancellable (core func $suspend-cancellable))
    (canon thread.suspend-then-resume cancellable (core func $suspend-then-resume-cancellable))
    (canon task.cancel (core func $cancel))
    (core module $Main
      (import "thread" "index" (func $index (result i32)))
      (import "thread" "resume-later" (func $resume-later (param i32)))
      (import "thread" "suspend" (func $suspend (result i32)))
      (import "thread" "suspend-cancellable" (func $suspend-cancellable (result i32)))
      (import "thread" "suspend-then-resume-cancellable"
        (func $suspend-then-resume-cancellable (param i32) (result i32)))
      (import "task" "cancel" (func $cancel))
      (global $first (mut i32) (i32.const 0))
      (func (export "suspends")
        (if (i32.ne (call $suspend-cancellable) (i32.const 1)) (then unreachable))
        (call $cancel))
      (func (export "looks-up")
        (global.set $first (call $index))
        (drop (call $suspend))
        (drop (call $suspend-then-resume-cancellable (i32.const 99)))
        (call $cancel))
      (func (export "release") (call $resume-later (global.get $first))))
    (core instance $main (instantiate $Main
      (with "thread" (instance
        (export "index" (func $index))
        (export "resume-later" (func $resume-later))
        (export "suspend" (func $suspend))
        (export "suspend-cancellable" (func $suspend-cancellable))
        (export "suspend-then-resume-cancellable" (func $suspend-then-resume-cancellable))))
      (with "task" (instance (export "cancel" (func $cancel))))))
    (func (export "suspends") async (canon lift (core func $main "suspends") async))
    (func (export "looks-up") async (canon lift (core func $main "looks-up") async))
    (func (export "release") (canon lift (core func $main "release"))))
  (component $Caller
    (import "callee" (instance $callee
      (export "suspends" (func async))
      (export "looks-up" (func async))
      (export "release" (func))))
    (canon lower (func $callee "suspends") async (core func $suspends))
    (canon lower (func $callee "looks-up") async (core func $looks-up))
    (canon lower (func $callee "release") (core func $release))
    (canon subtask.cancel (core func $cancel))
    (canon subtask.cancel async (core func $cancel-async))
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (canon waitable-set.new (core func $set-new))
    (canon waitable.join (core func $join))
    (canon waitable-set.wait (memory (core memory $memory "memory")) (core func $wait))
    (core module $Main
      (import "callee" "suspends" (func $suspends (result i32)))
      (import "callee" "looks-up" (func $looks-up (result i32)))
      (import "callee" "release" (func $release))
      (import "subtask" "cancel" (func $cancel (param i32) (result i32)))
      (import "subtask" "cancel-async" (func $cancel-async (param i32) (result i32)))
      (import "set" "new" (func $set-new (result i32)))
      (import "set" "join" (func $join (param i32 i32)))
      (import "set" "wait" (func $wait (param i32 i32) (result i32)))
      ;; CANCELLED_BEFORE_RETURNED.
      (func (export "suspends") (result i32)
        (call $cancel (i32.shr_u (call $suspends) (i32.const 4))))
      (func (export "looks-up")
        (local $call i32) (local $set i32)
        (local.set $call (i32.shr_u (call $looks-up) (i32.const 4)))
        (drop (call $cancel-async (local.get $call)))
        (local.set $set (call $set-new))
        (call $join (local.get $call) (local.get $set))
        (call $release)
        (drop (call $wait (local.get $set) (i32.const 0)))))
    (core instance $main (instantiate $Main
      (with "callee" (instance
        (export "suspends" (func $suspends))
        (export "looks-up" (func $looks-up))
        (export "release" (func $release))))
      (with "subtask" (instance (export "cancel" (func $cancel)) (export "cancel-async" (func $cancel-async))))
      (with "set" (instance
        (export "new" (func $set-new))
        (export "join" (func $join))
        (export "wait" (func $wait))))))
    (func (export "suspends") async (result u32) (canon lift (core func $main "suspends")))
    (func (export "looks-up") async (canon lift (core func $main "looks-up"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "suspends" (func $caller "suspends"))
  (export "looks-up" (func $caller "looks-up")))

(component instance $cancel $Cancel)
;;; CAN-01 @suspended-thread-learns
(assert_return (invoke $cancel "suspends") (u32.const 4))
(component instance $cancel $Cancel)
;;; SCH-05 @index-before-cancellation
(assert_trap (invoke $cancel "looks-up") "unknown handle index")
;; A call that is not async yields until a thread of its own has run, and was made by a thread of another call that is not async
;; and yields too. The yields of the inner call let no thread of the outer one's instance run, so the inner call comes to its end.
;; In Wasmtime the outer call goes on at the first of them, and its own yields never get back to the inner one: without
;; the limits on how often they yield, neither would end.
(component definition $Nested
  (component $Callee
    (core module $Functions (table (export "functions") 1 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
    (canon thread.resume-later (core func $resume-later))
    (canon thread.yield (core func $yield))
    (core module $Main
      (import "functions" "functions" (table $functions 1 1 funcref))
      (import "thread" "new" (func $new (param i32 i32) (result i32)))
      (import "thread" "resume-later" (func $resume-later (param i32)))
      (import "thread" "yield" (func $yield (result i32)))
      (global $has-run (mut i32) (i32.const 0))
      (func $runs (param i32) (global.set $has-run (i32.const 1)))
      (elem (table $functions) (i32.const 0) func $runs)
      ;; How many yields it took.
      (func (export "run") (result i32)
        (local $yields i32)
        (call $resume-later (call $new (i32.const 0) (i32.const 0)))
        (loop $again
          (drop (call $yield))
          (local.set $yields (i32.add (local.get $yields) (i32.const 1)))
          (br_if $again (i32.and (i32.eqz (global.get $has-run)) (i32.lt_u (local.get $yields) (i32.const 100)))))
        (local.get $yields)))
    (core instance $main (instantiate $Main
      (with "functions" (instance $functions))
      (with "thread" (instance
        (export "new" (func $new))
        (export "resume-later" (func $resume-later))
        (export "yield" (func $yield))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (component $Caller
    (import "run" (func $run (result u32)))
    (core module $Functions (table (export "functions") 1 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon lower (func $run) (core func $run))
    (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
    (canon thread.resume-later (core func $resume-later))
    (canon thread.yield (core func $yield))
    (canon task.return (result u32) (core func $return))
    (core module $Main
      (import "functions" "functions" (table $functions 1 1 funcref))
      (import "callee" "run" (func $run (result i32)))
      (import "thread" "new" (func $new (param i32 i32) (result i32)))
      (import "thread" "resume-later" (func $resume-later (param i32)))
      (import "thread" "yield" (func $yield (result i32)))
      (import "task" "return" (func $return (param i32)))
      (global $result (mut i32) (i32.const 0))
      (func $calls (param i32) (global.set $result (call $run)))
      (elem (table $functions) (i32.const 0) func $calls)
      (func $go (result i32)
        (local $yields i32)
        (call $resume-later (call $new (i32.const 0) (i32.const 0)))
        (loop $again
          (drop (call $yield))
          (local.set $yields (i32.add (local.get $yields) (i32.const 1)))
          (br_if $again (i32.and (i32.eqz (global.get $result)) (i32.lt_u (local.get $yields) (i32.const 10000)))))
        (global.get $result))
      (func (export "direct") (result i32) (call $run))
      (func (export "sync") (result i32) (call $go))
      (func (export "async") (call $return (call $go))))
    (core instance $main (instantiate $Main
      (with "functions" (instance $functions))
      (with "callee" (instance (export "run" (func $run))))
      (with "thread" (instance
        (export "new" (func $new))
        (export "resume-later" (func $resume-later))
        (export "yield" (func $yield))))
      (with "task" (instance (export "return" (func $return))))))
    (func (export "direct") (result u32) (canon lift (core func $main "direct")))
    (func (export "sync") (result u32) (canon lift (core func $main "sync")))
    (func (export "async") async (result u32) (canon lift (core func $main "async") async)))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "run" (func $callee "run"))))
  (export "direct" (func $caller "direct"))
  (export "sync" (func $caller "sync"))
  (export "async" (func $caller "async")))

(component instance $direct $Nested)
(assert_return (invoke $direct "direct") (u32.const 1))
(component instance $async $Nested)
(assert_return (invoke $async "async") (u32.const 1))
(component instance $sync $Nested)
;;; SYN-05 @sync-call-in-thread
(assert_return (invoke $sync "sync") (u32.const 1))
