(component
  ;; Two instances of one host module, with a memory each, and a host module without a memory.
  (import "host" (core module $host
    (import "env" "memory" (memory 0 65536 shared))
    (export "write" (func (param i32 i64) (result i32)))
    (export "zero" (global i32))))
  (import "other" (core module $other (export "f" (func))))
  (core module $state (memory (export "memory") 1 2 shared))
  (core instance $one (instantiate $state))
  (core instance $two (instantiate $state))
  (core instance $host_one (instantiate $host (with "env" (instance $one))))
  (core instance $host_two (instantiate $host (with "env" (instance $two))))
  (core instance $other (instantiate $other))
  (core module $main
    (import "one" "write" (func $one (param i32 i64) (result i32)))
    (import "two" "write" (func $two (param i32 i64) (result i32)))
    (import "two" "zero" (global $zero i32))
    (import "other" "f" (func $f))
    (func (export "run") (result i32)
      (call $f)
      (i32.add
        (call $one (i32.const 1) (i64.const 2))
        (call $two (global.get $zero) (i64.const 3)))))
  (core instance $main (instantiate $main
    (with "one" (instance $host_one)) (with "two" (instance $host_two)) (with "other" (instance $other))))
  (func (export "run") (result u32) (canon lift (core func $main "run"))))
