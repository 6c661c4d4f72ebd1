;; As `error-foreign-uninitialized`, stripped of names: the code of `wasi_thread_start` is that of wasi-libc.
(module
  (import "env" "memory" (memory 1 16384 shared))
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
  (global (mut i32) (i32.const 65536))
  (global (mut i32) (i32.const 0))
  (func (param i32 i32))
  (func (export "wasi_thread_start") (param i32 i32)
    (global.set 0 (i32.load (local.get 1)))
    (global.set 1 (i32.load offset=4 (local.get 1)))
    (call 1 (local.get 0) (local.get 1))
    (i32.atomic.store (i32.const 1024) (i32.const 0))
    (drop (memory.atomic.notify (i32.const 1024) (i32.const 1))))
  (func (export "work") (result i32) (call 0 (i32.const 0))))
