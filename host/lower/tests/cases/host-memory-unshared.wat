;; Host modules are given an unshared memory: the runtime has it in any case. One of its users gets it from another module than
;; the one that defines it, and another unshared memory stays in the run-time module.
(component
  (import "host" (core module $host (import "env" "memory" (memory 1)) (export "f" (func))))
  (core module $state
    (memory (export "memory") 1)
    (memory (export "other") 2)
    (data (i32.const 8) "once"))
  (core instance $state (instantiate $state))
  (core module $passes
    (import "state" "memory" (memory 1))
    (export "memory" (memory 0)))
  (core instance $passes (instantiate $passes (with "state" (instance $state))))
  (core instance $host (instantiate $host (with "env" (instance $passes))))
  (core module $main
    (import "state" "memory" (memory 1))
    (import "state" "other" (memory 2))
    (import "host" "f" (func $f))
    (func (export "run") (result i32)
      (call $f)
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))
      (i32.add (i32.load (i32.const 8)) (i32.load 1 (i32.const 8)))))
  (core instance $main (instantiate $main (with "state" (instance $state)) (with "host" (instance $host))))
  (func (export "run") (result s32) (canon lift (core func $main "run"))))
