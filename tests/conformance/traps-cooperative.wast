;; Traps with cooperative threads: a trap in any thread ends its component instance.

(component definition $Trap
  (core module $Functions (table (export "functions") 2 2 funcref))
  (core instance $functions (instantiate $Functions))
  (core type $start (func (param i32)))
  (canon thread.new-indirect $start (core table $functions "functions") (core func $new))
  (canon thread.yield (core func $yield))
  (canon thread.suspend (core func $suspend))
  (canon thread.resume-later (core func $resume-later))
  (canon thread.suspend-then-resume (core func $suspend-then-resume))
  (core module $Main
    (type $start (func (param i32)))
    (import "functions" "functions" (table $functions 2 2 funcref))
    (import "thread" "new" (func $new (param i32 i32) (result i32)))
    (import "thread" "yield" (func $yield (result i32)))
    (import "thread" "suspend" (func $suspend (result i32)))
    (import "thread" "resume-later" (func $resume-later (param i32)))
    (import "thread" "suspend-then-resume" (func $suspend-then-resume (param i32) (result i32)))
    (func $traps (type $start) (param i32) unreachable)
    (elem (table $functions) (i32.const 0) func $traps)
    (func (export "nothing"))
    (func (export "itself") unreachable)
    (func (export "while-suspended")
      (call $resume-later (call $new (i32.const 0) (i32.const 0)))
      (drop (call $suspend)))
    (func (export "while-yielding")
      (call $resume-later (call $new (i32.const 0) (i32.const 0)))
      (loop $again (drop (call $yield)) (br $again)))
    (func (export "after-switch")
      (drop (call $suspend-then-resume (call $new (i32.const 0) (i32.const 0))))))
  (core instance $main (instantiate $Main
    (with "functions" (instance $functions))
    (with "thread" (instance
      (export "new" (func $new))
      (export "yield" (func $yield))
      (export "suspend" (func $suspend))
      (export "resume-later" (func $resume-later))
      (export "suspend-then-resume" (func $suspend-then-resume))))))
  (func (export "nothing") (canon lift (core func $main "nothing")))
  (func (export "itself") (canon lift (core func $main "itself")))
  (func (export "while-suspended") async (canon lift (core func $main "while-suspended")))
  (func (export "while-yielding") async (canon lift (core func $main "while-yielding")))
  (func (export "after-switch") (canon lift (core func $main "after-switch"))))

(component instance $trap $Trap)
(assert_return (invoke $trap "nothing"))
;;; TRP-01
(assert_trap (invoke $trap "itself") "unreachable")
;;; TRP-02
(assert_trap (invoke $trap "nothing") "cannot enter component instance")

(component instance $trap $Trap)
;;; TRP-01 TRP-04
(assert_trap (invoke $trap "while-suspended") "unreachable")
;;; TRP-02
(assert_trap (invoke $trap "nothing") "cannot enter component instance")

(component instance $trap $Trap)
;;; TRP-01 TRP-04
(assert_trap (invoke $trap "while-yielding") "unreachable")
;;; TRP-02
(assert_trap (invoke $trap "nothing") "cannot enter component instance")

(component instance $trap $Trap)
;;; TRP-01 TRP-04
(assert_trap (invoke $trap "after-switch") "unreachable")
;;; TRP-02
(assert_trap (invoke $trap "nothing") "cannot enter component instance")
