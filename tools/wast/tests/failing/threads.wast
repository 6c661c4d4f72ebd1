;; Failures on threads are reported where they stand, and the wait for the thread is none.

(module $Memory (memory (export "shared") 1 1 shared) (func (export "f")))

(thread $T (shared (module $Memory))
  (register "memory" $Memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "one") (result i32) (i32.const 1)))
  (assert_return (invoke "one") (i32.const 2))
  (assert_return (invoke $Memory "f"))
  (thread $Inner
    (invoke "one"))
  (wait $T))
(wait $T)
(wait $T)

(thread $U (shared (module $None)) (invoke "f"))

;; Nobody waits for it.
(thread $V (module (import "memory" "shared" (memory 1))))
