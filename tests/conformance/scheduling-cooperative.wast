;; The scheduling built-ins with cooperative threads: resume-later, suspend, yield, and the -then-resume and -then-promote
;; forms.

;;; SCH-02
(component definition
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend (core func $suspend))
  (canon thread.yield (core func $yield))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (canon thread.yield-then-resume (core func $yield-then-resume))
  (canon thread.suspend-then-promote (core func $suspend-then-promote))
  (canon thread.yield-then-promote (core func $yield-then-promote))
  (core module $Main
    (import "thread" "resume-later" (func (param i32)))
    (import "thread" "suspend" (func (result i32)))
    (import "thread" "yield" (func (result i32)))
    (import "thread" "suspend-then-resume" (func (param i32) (result i32)))
    (import "thread" "yield-then-resume" (func (param i32) (result i32)))
    (import "thread" "suspend-then-promote" (func (param i32) (result i32)))
    (import "thread" "yield-then-promote" (func (param i32) (result i32))))
  (core instance (instantiate $Main
    (with "thread" (instance
      (export "resume-later" (func $resume-later))
      (export "suspend" (func $suspend))
      (export "yield" (func $yield))
      (export "suspend-then-resume" (func $suspend-then-resume))
      (export "yield-then-resume" (func $yield-then-resume))
      (export "suspend-then-promote" (func $suspend-then-promote))
      (export "yield-then-promote" (func $yield-then-promote)))))))
;;; SCH-02
(assert_invalid
  (component
    (canon thread.resume-later (core func $resume-later))
    (core module $Main (import "thread" "resume-later" (func (param i32) (result i32))))
    (core instance (instantiate $Main (with "thread" (instance (export "resume-later" (func $resume-later)))))))
  "type mismatch")
;;; SCH-02
(assert_invalid
  (component
    (canon thread.suspend (core func $suspend))
    (core module $Main (import "thread" "suspend" (func)))
    (core instance (instantiate $Main (with "thread" (instance (export "suspend" (func $suspend)))))))
  "type mismatch")

;; The opcodes; all but resume-later have a byte that says whether cancellation may be delivered.
;;; SCH-01 VER-01
(component binary
  "\00asm" "\0d\00\01\00"
  "\08\1a\0d"                   ;; thirteen canonical definitions
  "\28"                         ;; thread.resume-later
  "\29\00" "\29\01"             ;; thread.suspend
  "\0c\00" "\0c\01"             ;; thread.yield
  "\2a\00" "\2a\01"             ;; thread.suspend-then-resume
  "\2b\00" "\2b\01"             ;; thread.yield-then-resume
  "\2c\00" "\2c\01"             ;; thread.suspend-then-promote
  "\2d\00" "\2d\01")            ;; thread.yield-then-promote
;;; SCH-01
(assert_malformed
  (component binary
    "\00asm" "\0d\00\01\00"
    "\08\03\01"
    "\29\02")                   ;; thread.suspend, neither cancellable nor not
  "invalid boolean value")
;;; VER-01
(component definition
  (canon thread.suspend cancellable (core func))
  (canon thread.yield cancellable (core func))
  (canon thread.suspend-then-resume cancellable (core func))
  (canon thread.yield-then-resume cancellable (core func))
  (canon thread.suspend-then-promote cancellable (core func))
  (canon thread.yield-then-promote cancellable (core func)))
;; resume-later never suspends, so it cannot be cancellable.
;;; RL-03
(assert_malformed
  (component quote "(canon thread.resume-later cancellable (core func))")
  "expected")

(component definition $Scheduling
  (core module $Functions (table (export "functions") 8 8 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.index (core func $index))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend (core func $suspend))
  (canon thread.yield (core func $yield))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (canon thread.yield-then-resume (core func $yield-then-resume))
  (canon thread.suspend-then-promote (core func $suspend-then-promote))
  (canon thread.yield-then-promote (core func $yield-then-promote))

  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions 8 8 funcref))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "index" (func $index (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "yield" (func $yield (result i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (import "thread" "yield-then-resume" (func $yield-then-resume (param i32) (result i32)))
    (import "thread" "suspend-then-promote" (func $suspend-then-promote (param i32) (result i32)))
    (import "thread" "yield-then-promote" (func $yield-then-promote (param i32) (result i32)))

    (global $main (mut i32) (i32.const 0))
    (global $left (mut i32) (i32.const 0))
    ;; What happened, in decimal digits, and a copy of that.
    (global $trace (mut i32) (i32.const 0))
    (global $copy (mut i32) (i32.const 0))
    (func $note (param $digit i32)
      (global.set $trace (i32.add (i32.mul (global.get $trace) (i32.const 10)) (local.get $digit))))
    (func $begin
      (global.set $main (call $index))
      (global.set $trace (i32.const 0)))

    (func $notes (type $start) (param $digit i32)
      (call $note (local.get $digit)))
    (func $copies (type $start) (param $digit i32)
      (call $note (local.get $digit))
      (global.set $copy (global.get $trace)))
    (func $notes-and-wakes (type $start) (param $digit i32)
      (call $note (local.get $digit))
      (call $resume-later (global.get $main)))
    ;; Notes 8 and goes back to the first thread; when it is resumed, notes 9 and wakes that thread.
    (func $comes-back (type $start) (param i32)
      (call $note (i32.const 8))
      (drop (call $suspend-then-resume (global.get $main)))
      (call $note (i32.const 9))
      (call $resume-later (global.get $main)))
    ;; As above, but it is ready while the first thread runs. It wakes that thread if it is told to.
    (func $yields (type $start) (param $wake i32)
      (call $note (i32.const 8))
      (drop (call $yield-then-resume (global.get $main)))
      (call $note (i32.const 9))
      (global.set $copy (global.get $trace))
      (if (local.get $wake) (then (call $resume-later (global.get $main)))))
    ;; The last of the threads that are left wakes the first one.
    (func $counts (type $start) (param i32)
      (global.set $left (i32.sub (global.get $left) (i32.const 1)))
      (if (i32.eqz (global.get $left)) (then (call $resume-later (global.get $main)))))
    (elem (table $functions) (i32.const 0) func $notes $notes-and-wakes $comes-back $yields $counts $copies)
    (func $notes-later (param $digit i32)
      (call $resume-later (call $new (i32.const 0) (local.get $digit))))

    ;; The caller goes on.
    (func (export "resume-later") (result i32)
      (call $begin)
      (call $resume-later (call $new (i32.const 1) (i32.const 2)))
      (call $note (i32.const 1))
      (if (call $suspend) (then unreachable))
      (call $note (i32.const 3))
      (global.get $trace))
    (func (export "all-run") (param $count i32) (result i32)
      (local $each i32)
      (call $begin)
      (global.set $left (local.get $count))
      (local.set $each (local.get $count))
      (loop $again
        (call $resume-later (call $new (i32.const 4) (i32.const 0)))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (drop (call $suspend))
      (global.get $left))
    ;; Yields until the others have run.
    (func (export "yield") (param $count i32) (result i32)
      (local $each i32)
      (call $begin)
      ;; One more than there are threads, so that none of them wakes the first one.
      (global.set $left (i32.add (local.get $count) (i32.const 1)))
      (local.set $each (local.get $count))
      (loop $again
        (call $resume-later (call $new (i32.const 4) (i32.const 0)))
        (local.set $each (i32.sub (local.get $each) (i32.const 1)))
        (br_if $again (local.get $each)))
      (loop $again
        (if (call $yield) (then unreachable))
        (br_if $again (i32.ne (global.get $left) (i32.const 1))))
      (global.get $left))

    ;; Control goes to the target and back, past a thread that has been ready for longer and would note 5.
    (func (export "suspend-then-resume") (result i32)
      (local $thread i32)
      (call $begin)
      (call $notes-later (i32.const 5))
      (local.set $thread (call $new (i32.const 2) (i32.const 0)))
      (call $note (i32.const 1))
      (if (call $suspend-then-resume (local.get $thread)) (then unreachable))
      (call $note (i32.const 2))
      (global.get $trace))
    (func (export "yield-then-resume") (result i32)
      (call $begin)
      (call $notes-later (i32.const 5))
      (call $note (i32.const 1))
      (global.set $copy (i32.const 0))
      (if (call $yield-then-resume (call $new (i32.const 5) (i32.const 2))) (then unreachable))
      (global.get $copy))

    ;; After suspend-then-resume a thread is suspended and may be resumed once more.
    (func (export "suspended-after") (result i32)
      (local $thread i32)
      (call $begin)
      (local.set $thread (call $new (i32.const 2) (i32.const 0)))
      (drop (call $suspend-then-resume (local.get $thread)))
      (call $note (i32.const 1))
      (drop (call $suspend-then-resume (local.get $thread)))
      (call $note (i32.const 2))
      (global.get $trace))
    ;; After yield-then-resume it is ready: it runs by itself, and cannot be resumed.
    (func (export "ready-after") (result i32)
      (call $begin)
      (drop (call $suspend-then-resume (call $new (i32.const 3) (i32.const 1))))
      (call $note (i32.const 1))
      (drop (call $suspend))
      (call $note (i32.const 2))
      (global.get $trace))
    (func (export "rounds") (param $rounds i32) (result i32)
      (local $thread i32) (local $whole i32)
      (call $begin)
      (loop $again
        (local.set $thread (call $new (i32.const 2) (i32.const 0)))
        (drop (call $suspend-then-resume (local.get $thread)))
        (drop (call $suspend-then-resume (local.get $thread)))
        (local.set $whole (i32.add (local.get $whole) (i32.eq (global.get $trace) (i32.const 89))))
        (global.set $trace (i32.const 0))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (local.get $whole))

    ;; promote switches to a thread that is ready, past one that has been ready for longer.
    (func (export "suspend-then-promote") (result i32)
      (local $thread i32)
      (call $begin)
      (call $notes-later (i32.const 5))
      (local.set $thread (call $new (i32.const 3) (i32.const 1)))
      (drop (call $suspend-then-resume (local.get $thread)))
      (call $note (i32.const 1))
      (global.set $copy (i32.const 0))
      (if (call $suspend-then-promote (local.get $thread)) (then unreachable))
      (global.get $copy))
    (func (export "yield-then-promote") (result i32)
      (local $thread i32)
      (call $begin)
      (call $notes-later (i32.const 5))
      (local.set $thread (call $new (i32.const 3) (i32.const 0)))
      (drop (call $suspend-then-resume (local.get $thread)))
      (call $note (i32.const 1))
      (global.set $copy (i32.const 0))
      (if (call $yield-then-promote (local.get $thread)) (then unreachable))
      (global.get $copy))

    (func (export "suspend") (drop (call $suspend)))
    (func (export "resume-self") (call $resume-later (call $index)))
    (func (export "resume-twice")
      (local $thread i32)
      (local.set $thread (call $new (i32.const 0) (i32.const 1)))
      (call $resume-later (local.get $thread))
      (call $resume-later (local.get $thread)))
    (func (export "resume-yielded")
      (local $thread i32)
      (call $begin)
      (local.set $thread (call $new (i32.const 3) (i32.const 0)))
      (drop (call $suspend-then-resume (local.get $thread)))
      (call $resume-later (local.get $thread)))
    (func (export "suspend-then-resume-self") (drop (call $suspend-then-resume (call $index))))
    (func (export "yield-then-resume-self") (drop (call $yield-then-resume (call $index))))
    (func $ready (result i32)
      (local $thread i32)
      (local.set $thread (call $new (i32.const 0) (i32.const 1)))
      (call $resume-later (local.get $thread))
      (local.get $thread))
    (func (export "suspend-then-resume-ready") (drop (call $suspend-then-resume (call $ready))))
    (func (export "yield-then-resume-ready") (drop (call $yield-then-resume (call $ready))))
    (func (export "suspend-then-resume-unknown") (drop (call $suspend-then-resume (i32.const 99))))
    (func (export "yield-then-resume-unknown") (drop (call $yield-then-resume (i32.const 99))))
    (func (export "suspend-then-promote-unknown") (drop (call $suspend-then-promote (i32.const 99))))
    (func (export "yield-then-promote-unknown") (drop (call $yield-then-promote (i32.const 99)))))

  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "index" (func $index))
      (export "resume-later" (func $resume-later))
      (export "suspend" (func $suspend))
      (export "yield" (func $yield))
      (export "suspend-then-resume" (func $suspend-then-resume))
      (export "yield-then-resume" (func $yield-then-resume))
      (export "suspend-then-promote" (func $suspend-then-promote))
      (export "yield-then-promote" (func $yield-then-promote))))))
  (func (export "resume-later") async (result u32) (canon lift (core func $main "resume-later")))
  (func (export "all-run") async (param "count" u32) (result u32) (canon lift (core func $main "all-run")))
  (func (export "yield") async (param "count" u32) (result u32) (canon lift (core func $main "yield")))
  (func (export "yield-not-async") (param "count" u32) (result u32) (canon lift (core func $main "yield")))
  (func (export "suspend-then-resume") async (result u32) (canon lift (core func $main "suspend-then-resume")))
  (func (export "yield-then-resume") async (result u32) (canon lift (core func $main "yield-then-resume")))
  (func (export "suspended-after") async (result u32) (canon lift (core func $main "suspended-after")))
  (func (export "ready-after") async (result u32) (canon lift (core func $main "ready-after")))
  (func (export "suspended-after-not-async") (result u32) (canon lift (core func $main "suspended-after")))
  (func (export "rounds") async (param "rounds" u32) (result u32) (canon lift (core func $main "rounds")))
  (func (export "suspend-then-promote") async (result u32) (canon lift (core func $main "suspend-then-promote")))
  (func (export "yield-then-promote") async (result u32) (canon lift (core func $main "yield-then-promote")))
  (func (export "suspend") async (canon lift (core func $main "suspend")))
  (func (export "suspend-not-async") (canon lift (core func $main "suspend")))
  (func (export "resume-self") async (canon lift (core func $main "resume-self")))
  (func (export "resume-twice") async (canon lift (core func $main "resume-twice")))
  (func (export "resume-yielded") async (canon lift (core func $main "resume-yielded")))
  (func (export "suspend-then-resume-self") async (canon lift (core func $main "suspend-then-resume-self")))
  (func (export "yield-then-resume-self") async (canon lift (core func $main "yield-then-resume-self")))
  (func (export "suspend-then-resume-ready") async (canon lift (core func $main "suspend-then-resume-ready")))
  (func (export "yield-then-resume-ready") async (canon lift (core func $main "yield-then-resume-ready")))
  (func (export "suspend-then-resume-unknown") async (canon lift (core func $main "suspend-then-resume-unknown")))
  (func (export "yield-then-resume-unknown") async (canon lift (core func $main "yield-then-resume-unknown")))
  (func (export "suspend-then-promote-unknown") async (canon lift (core func $main "suspend-then-promote-unknown")))
  (func (export "yield-then-promote-unknown") async (canon lift (core func $main "yield-then-promote-unknown"))))

(component instance $scheduling $Scheduling)
;;; RL-02 SUS-01 IMP-03 SCH-04
(assert_return (invoke $scheduling "resume-later") (u32.const 123))
;;; RL-02 SUS-01
(assert_return (invoke $scheduling "all-run" (u32.const 100)) (u32.const 0))
;;; YLD-01 SCH-04
(assert_return (invoke $scheduling "yield" (u32.const 100)) (u32.const 1))
;; In a call that is not async, the ready threads of the same instance run.
;;; SYN-04 YLD-01
(assert_return (invoke $scheduling "yield-not-async" (u32.const 100)) (u32.const 1))
;;; STR-03 SCH-04
(assert_return (invoke $scheduling "suspend-then-resume") (u32.const 182))
(component instance $scheduling $Scheduling)
;;; STR-03 SCH-04
(assert_return (invoke $scheduling "yield-then-resume") (u32.const 12))
(component instance $scheduling $Scheduling)
;;; STR-04
(assert_return (invoke $scheduling "suspended-after") (u32.const 8192))
;;; STR-04
(assert_return (invoke $scheduling "ready-after") (u32.const 8192))
;;; STR-05
(assert_return (invoke $scheduling "suspended-after-not-async") (u32.const 8192))
;;; STR-03 STR-04
(assert_return (invoke $scheduling "rounds" (u32.const 1000)) (u32.const 1000))
;;; STP-02 SCH-04
(assert_return (invoke $scheduling "suspend-then-promote") (u32.const 819))
(component instance $scheduling $Scheduling)
;;; STP-02 SCH-04
(assert_return (invoke $scheduling "yield-then-promote") (u32.const 819))

;; Nothing is left that could run. The call stays unresolved, which its caller, who waits for it, learns.
(component instance $scheduling $Scheduling)
;;; SUS-02
(assert_trap (invoke $scheduling "suspend") "deadlock")
(component instance $scheduling $Scheduling)
;;; SYN-02
(assert_trap (invoke $scheduling "suspend-not-async") "cannot block a synchronous task")

(component instance $scheduling $Scheduling)
;;; RL-01
(assert_trap (invoke $scheduling "resume-self") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; RL-01
(assert_trap (invoke $scheduling "resume-twice") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; RL-01
(assert_trap (invoke $scheduling "resume-yielded") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-02
(assert_trap (invoke $scheduling "suspend-then-resume-self") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-02
(assert_trap (invoke $scheduling "yield-then-resume-self") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-02
(assert_trap (invoke $scheduling "suspend-then-resume-ready") "cannot resume thread which is not suspended")
(component instance $scheduling $Scheduling)
;;; STR-02
(assert_trap (invoke $scheduling "yield-then-resume-ready") "cannot resume thread which is not suspended")
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
