;;! shared-everything = true
;; The thread to resume is looked up before a pending cancellation is reported.

(component
  (component $callee
    (core func $yield (canon thread.yield))
    (core func $resume (canon thread.suspend-then-resume cancellable))
    (core func $cancel (canon task.cancel))
    (core module $main
      (import "" "yield" (func $yield (result i32)))
      (import "" "resume" (func $resume (param i32) (result i32)))
      (import "" "cancel" (func $cancel))
      (func (export "f")
        (drop (call $yield))
        (if (i32.eqz (call $resume (i32.const 100))) (then unreachable))
        (call $cancel)))
    (core instance $main (instantiate $main (with "" (instance
      (export "yield" (func $yield))
      (export "resume" (func $resume))
      (export "cancel" (func $cancel))))))
    (func (export "f") async (canon lift (core func $main "f") async)))
  (component $caller
    (import "f" (func $f async))
    (core func $call (canon lower (func $f) async))
    (core func $cancel (canon subtask.cancel))
    (core module $main
      (import "" "call" (func $call (result i32)))
      (import "" "cancel" (func $cancel (param i32) (result i32)))
      (func (export "cancel") (result i32)
        (call $cancel (i32.shr_u (call $call) (i32.const 4)))))
    (core instance $main (instantiate $main (with "" (instance
      (export "call" (func $call))
      (export "cancel" (func $cancel))))))
    (func (export "cancel") async (result u32) (canon lift (core func $main "cancel"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller (with "f" (func $callee "f"))))
  (export "cancel" (func $caller "cancel")))

(assert_trap (invoke "cancel") "unknown handle index 100")
