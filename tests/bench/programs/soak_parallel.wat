;; A program with parallel threads that ends in many ways. See `soak.rs`.
(module
  (import "env" "memory" (memory 1 256 shared))
  (import "wasi" "thread-spawn" (func $thread_spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "soak" "exit" (func $exit))
  (import "soak" "panic" (func $panic))
  (import "soak" "panic-later" (func $panic_later))
  (import "soak" "wait" (func $wait))
  (data (i32.const 64) "file")
  (table 1 funcref)

  ;; A thread adds its number to a sum and ends, waits for ever, or computes for ever.
  (func (export "wasi_thread_start") (param $thread i32) (param $how i32)
    (if (i32.eq (local.get $how) (i32.const -1))
      (then (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))
    (if (i32.eq (local.get $how) (i32.const -2))
      (then (loop $again (br $again))))
    (drop (i32.atomic.rmw.add (i32.const 8) (local.get $how)))
    (drop (i32.atomic.rmw.add (i32.const 12) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 12) (i32.const 1))))

  (func $spawn (param $how i32)
    (if (i32.lt_s (call $thread_spawn (local.get $how)) (i32.const 0)) (then (unreachable))))

  ;; Opens a file, which it does not close.
  (func $open
    (if (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 1)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 80))
      (then (unreachable))))

  (func $crowd
    (call $open)
    (call $spawn (i32.const -1))
    (call $spawn (i32.const -1))
    (call $spawn (i32.const -2)))

  ;; Two threads add the numbers.
  (func (export "sum") (param i32 i32) (result i32) (local $ended i32)
    (call $open)
    (call $spawn (local.get 0))
    (call $spawn (local.get 1))
    (loop $again
      (local.set $ended (i32.atomic.load (i32.const 12)))
      (if (i32.lt_u (local.get $ended) (i32.const 2))
        (then
          (drop (memory.atomic.wait32 (i32.const 12) (local.get $ended) (i64.const -1)))
          (br $again))))
    (i32.atomic.load (i32.const 8)))

  (func (export "leave") (call $crowd) (call $exit))
  (func (export "fail") (call $crowd) (unreachable))
  (func (export "panic") (call $crowd) (call $panic))
  (func (export "panic-later") (call $crowd) (call $panic_later))
  (func (export "wait") (call $crowd) (call $wait))
  (func (export "spin") (call $crowd) (loop $again (br $again)))

  ;; How many of the operations beyond the limits were granted.
  (func (export "grow") (result i32) (local $threads i32)
    (loop $again
      (if (i32.ge_s (call $thread_spawn (i32.const -1)) (i32.const 0))
        (then
          (local.set $threads (i32.add (local.get $threads) (i32.const 1)))
          (br $again))))
    (i32.add
      (i32.gt_u (local.get $threads) (i32.const 8))
      (i32.add
        (i32.ne (memory.grow (i32.const 128)) (i32.const -1))
        (i32.ne (table.grow (ref.null func) (i32.const 16)) (i32.const -1))))))
