;; Each thread writes to one cell and then reads the other: with atomic accesses, not both can miss the other's write.

(module $Memory
  (memory (export "shared") 1 1 shared))

(thread $Left (shared (module $Memory))
  (register "memory" $Memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "run")
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (i32.atomic.store (i32.const 8) (i32.atomic.load (i32.const 4)))))
  (invoke "run"))

(thread $Right (shared (module $Memory))
  (register "memory" $Memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "run")
      (i32.atomic.store (i32.const 4) (i32.const 1))
      (i32.atomic.store (i32.const 12) (i32.atomic.load (i32.const 0)))))
  (invoke "run"))

(wait $Left)
(wait $Right)

(register "memory" $Memory)
(module
  (memory (import "memory" "shared") 1 1 shared)
  (func (export "seen") (result i32)
    (i32.add (i32.load (i32.const 8)) (i32.load (i32.const 12)))))
(assert_return (invoke "seen") (either (i32.const 1) (i32.const 2)))
