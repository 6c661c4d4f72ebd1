;; The host's modules: one that is given a shared memory, one that is given nothing, and one that is not used.
(component
  (import "wasi-snapshot-preview1" (core module $wasi
    (type $write (shared (func (param i32 i32 i32 i32) (result i32))))
    (type $exit (shared (func (param i32))))
    (import "env" "memory" (memory 1 2 shared))
    (export "fd_write" (func (type $write)))
    (export "proc_exit" (func (type $exit)))))
  (import "clock" (core module $clock
    (type $now (shared (func (result i64))))
    (export "now" (func (type $now)))))
  (import "idle" (core module $idle (export "f" (func))))
  (core module $memory (memory (export "memory") 1 2 shared))
  (core instance $memory (instantiate $memory))
  (core instance $clock (instantiate $clock))
  (core instance $wasi (instantiate $wasi (with "env" (instance $memory))))
  (core module $main
    (type $write (shared (func (param i32 i32 i32 i32) (result i32))))
    (type $now (shared (func (result i64))))
    (import "env" "memory" (memory 1 2 shared))
    (import "wasi" "fd_write" (func $write (type $write)))
    (import "clock" "now" (func $now (type $now)))
    (func (export "f") (result i32)
      (i64.store (i32.const 0) (call $now))
      (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (core instance $main (instantiate $main
    (with "env" (instance $memory))
    (with "wasi" (instance $wasi))
    (with "clock" (instance $clock))))
  (func (export "f") (result u32) (canon lift (core func $main "f"))))
