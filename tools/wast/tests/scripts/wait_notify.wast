;; A thread waits, and others wake it. Threads may start threads.

(module $Memory (memory (export "shared") 1 1 shared))

(thread $Waiter (shared (module $Memory))
  (register "memory" $Memory)
  (module
    (memory (import "memory" "shared") 1 2 shared)
    (func (export "wait") (result i32)
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "wait") (i32.const 0)))

(thread $Outer (shared (module $Memory))
  (thread $Inner (shared (module $Memory))
    (register "memory" $Memory)
    (module
      (memory (import "memory" "shared") 1 1 shared)
      (func (export "wake")
        (loop $again
          (br_if $again (i32.eqz (memory.atomic.notify (i32.const 0) (i32.const 1)))))))
    (invoke "wake"))
  (wait $Inner))

(wait $Outer)
(wait $Waiter)

;; Without a thread that wakes it, a wait ends with its timeout, or at once if the value is another.
(register "memory" $Memory)
(module
  (memory (import "memory" "shared") 1 1 shared)
  (func (export "wait") (param i32) (result i32)
    (memory.atomic.wait32 (i32.const 0) (local.get 0) (i64.const 1000))))
(assert_return (invoke "wait" (i32.const 0)) (i32.const 2))
(assert_return (invoke "wait" (i32.const 1)) (i32.const 1))
