;; The same with 64-bit addresses and a maximum.
(component
  (import "host" (core module $host (import "env" "memory" (memory i64 1 3)) (export "f" (func))))
  (core module $state (memory (export "memory") i64 1 3))
  (core instance $state (instantiate $state))
  (core instance $host (instantiate $host (with "env" (instance $state))))
  (core module $main
    (import "state" "memory" (memory i64 1 3))
    (import "host" "f" (func $f))
    (func (export "run") (result i64) (call $f) (memory.grow (i64.const 1))))
  (core instance $main (instantiate $main (with "state" (instance $state)) (with "host" (instance $host))))
  (func (export "run") (result s64) (canon lift (core func $main "run"))))
