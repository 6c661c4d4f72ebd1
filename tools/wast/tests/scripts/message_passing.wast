;; One thread writes a value and then a flag, another reads the flag and then the value: who sees the flag sees the value.

(module $Memory (memory (export "shared") 1 1 shared))

(thread $Writer (shared (module $Memory))
  (register "memory" $Memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "write")
      (i32.store (i32.const 0) (i32.const 42))
      (i32.atomic.store (i32.const 4) (i32.const 1))))
  (invoke "write"))

(thread $Reader (shared (module $Memory))
  (register "memory" $Memory)
  ;; Nothing is known of the value while the flag is not set.
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "read-when-set") (result i32)
      (if (result i32) (i32.eqz (i32.atomic.load (i32.const 4)))
        (then (i32.const 42))
        (else (i32.load (i32.const 0))))))
  (assert_return (invoke "read-when-set") (i32.const 42)))

(wait $Writer)
(wait $Reader)

(register "memory" $Memory)
(module
  (memory (import "memory" "shared") 1 1 shared)
  (func (export "value") (result i32) (i32.load (i32.const 0))))
(assert_return (invoke "value") (i32.const 42))
