;;! shared-everything = true

;; A component with preemptive threads, which runs on weft's own runtime.

(component definition $C
  (core module $libc
    (memory (export "memory") 1 1 shared)
    (table (export "table") shared 2 2 (ref null (shared func))))
  (core instance $libc (instantiate $libc))
  (core type $start (shared (func (param i32))))
  (alias core export $libc "table" (core table $table))
  (core func $spawn (canon thread.spawn-indirect $start (table $table)))
  (core module $m
    (type $start (shared (func (param i32))))
    (import "libc" "memory" (memory 1 1 shared))
    (import "libc" "table" (table $table shared 2 2 (ref null (shared func))))
    (import "" "spawn" (func $spawn (type $spawn)))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (func $store (type $start)
      (i32.atomic.store (i32.const 0) (local.get 0))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
    (func $trap (type $start) (unreachable))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $store) (ref.func $trap))
    (func (export "run") (param i32) (result i32)
      (if (i32.eqz (call $spawn (i32.const 0) (local.get 0))) (then (unreachable)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i32.atomic.load (i32.const 0)))
    (func (export "trap")
      (drop (call $spawn (i32.const 1) (i32.const 0)))
      (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1)))))
  (core instance $i (instantiate $m
    (with "libc" (instance $libc))
    (with "" (instance (export "spawn" (func $spawn))))))
  (func (export "run") (param "n" u32) (result u32) (canon lift (core func $i "run")))
  (func (export "trap") (canon lift (core func $i "trap"))))

(component instance $first $C)
(assert_return (invoke "run" (u32.const 17)) (u32.const 17))
(component instance $second $C)
(assert_trap (invoke "trap") "unreachable")
(assert_trap (invoke "run" (u32.const 1)) "cannot enter component instance")

;; An import has to be there even if nothing uses it.
(assert_unlinkable
  (component
    (import "f" (func (param "x" string)))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func)))
  "unknown import")
(assert_unlinkable
  (component
    (import "test:nothing/here@1.0.0" (instance (export "f" (func (param "x" u32)))))
    (core type $start (shared (func (param i32))))
    (canon thread.spawn-ref shared $start (core func)))
  "test:nothing/here@1.0.0")
