;; Opens its directory until the host has no descriptor left, and only then waits for the first time. Exits with 1 where opening
;; fails in another way than by `mfile`, 33, and with 2 where it cannot wait.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) ".")
  ;; A subscription: the monotonic clock, 1,000,000 ns from now.
  (data (i32.const 48) "\01\00\00\00")
  (data (i32.const 56) "\40\42\0f\00")
  (func (export "_start") (local $errno i32)
    (loop $again
      (local.set $errno (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0)
        (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 16)))
      (br_if $again (i32.eqz (local.get $errno))))
    (if (i32.ne (local.get $errno) (i32.const 33)) (then (call $proc_exit (i32.const 1))))
    (if (call $poll_oneoff (i32.const 32) (i32.const 128) (i32.const 1) (i32.const 256))
      (then (call $proc_exit (i32.const 2))))))
