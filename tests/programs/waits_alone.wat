;; A program without threads, with a shared memory and without imports. Its waits end as in any engine that keeps the memory shared:
;; "not equal" is 1, and a timeout is 2. It traps if one ends otherwise. It imports `wasi.thread-spawn` and cannot call it.
(module
  (import "wasi" "thread-spawn" (func (param i32) (result i32)))
  (memory (export "memory") 1 1 shared)
  (global $kept (mut externref) (ref.null extern))
  (func (export "_start")
    (i64.store (i32.const 8) (i64.const 5))
    (if (i32.ne (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1)) (i32.const 1)) (then unreachable))
    (if (i32.ne (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 10)) (i32.const 2)) (then unreachable))
    (if (i32.ne (memory.atomic.wait64 (i32.const 8) (i64.const 1) (i64.const -1)) (i32.const 1)) (then unreachable))
    (if (i32.ne (memory.atomic.wait64 (i32.const 8) (i64.const 5) (i64.const 0)) (i32.const 2)) (then unreachable))
    (if (memory.atomic.notify (i32.const 0) (i32.const 1)) (then unreachable))
    (if (i32.eqz (ref.is_null (global.get $kept))) (then unreachable))))
