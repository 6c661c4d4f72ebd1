;; Measures how long a child takes to start while its parent computes on. The parent never blocks between spawning and
;; seeing the child's stamp.
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $thread_spawn (param $stamps i32) (result i32)))
  ;; Nanoseconds of a monotonic clock.
  (import "bench" "now" (func $now (result i64)))

  ;; When the child started, 0 before that.
  (global $started i32 (i32.const 0))
  ;; Whether the thread of the burst has finished. Its parent waits on it.
  (global $finished i32 (i32.const 8))

  (func (export "wasi_thread_start") (param $thread i32) (param $stamps i32)
    (if (local.get $stamps)
      (then (i64.atomic.store (global.get $started) (call $now)))
      (else
        (i32.atomic.store (global.get $finished) (i32.const 1))
        (drop (memory.atomic.notify (global.get $finished) (i32.const 1))))))

  (func $spawn (param $stamps i32)
    (if (i32.lt_s (call $thread_spawn (local.get $stamps)) (i32.const 0))
      (then (unreachable))))

  (func $spawn_and_join
    (i32.atomic.store (global.get $finished) (i32.const 0))
    (call $spawn (i32.const 0))
    (loop $again
      (if (i32.eqz (i32.atomic.load (global.get $finished)))
        (then
          (drop (memory.atomic.wait32 (global.get $finished) (i32.const 0) (i64.const -1)))
          (br $again)))))

  ;; Spawns and joins `burst` threads, then one that stamps. Gives the nanoseconds from its spawn to its stamp.
  (func (export "child-start") (param $burst i32) (result i64)
    (local $spawned i64)
    (local $stamp i64)
    (loop $next
      (if (local.get $burst)
        (then
          (call $spawn_and_join)
          (local.set $burst (i32.sub (local.get $burst) (i32.const 1)))
          (br $next))))
    (i64.atomic.store (global.get $started) (i64.const 0))
    (local.set $spawned (call $now))
    (call $spawn (i32.const 1))
    (loop $compute
      (local.set $stamp (i64.atomic.load (global.get $started)))
      (br_if $compute (i64.eqz (local.get $stamp))))
    (i64.sub (local.get $stamp) (local.get $spawned))))
