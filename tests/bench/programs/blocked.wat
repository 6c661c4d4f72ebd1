;; Keeps many threads blocked, and some busy. Each waits or spins until they are released. None of them touches memory
;; of its own, so what they cost is the host's.
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $thread_spawn (param $spins i32) (result i32)))
  ;; Says that the program ends now.
  (import "bench" "mark" (func $mark))

  ;; How many threads there are to be, how many have come, whether they are released, and how many are still there.
  (global $expected i32 (i32.const 0))
  (global $arrived i32 (i32.const 4))
  (global $released i32 (i32.const 8))
  (global $present i32 (i32.const 12))

  (func (export "wasi_thread_start") (param $thread i32) (param $spins i32)
    (if (i32.eq
          (i32.add (i32.atomic.rmw.add (global.get $arrived) (i32.const 1)) (i32.const 1))
          (i32.atomic.load (global.get $expected)))
      (then (drop (memory.atomic.notify (global.get $arrived) (i32.const 1)))))
    (loop $again
      (if (i32.eqz (i32.atomic.load (global.get $released)))
        (then
          (br_if $again (local.get $spins))
          (drop (memory.atomic.wait32 (global.get $released) (i32.const 0) (i64.const -1)))
          (br $again))))
    (if (i32.eq (i32.atomic.rmw.sub (global.get $present) (i32.const 1)) (i32.const 1))
      (then (drop (memory.atomic.notify (global.get $present) (i32.const 1))))))

  (func $spawn (param $count i32) (param $spins i32)
    (loop $next
      (if (local.get $count)
        (then
          (if (i32.lt_s (call $thread_spawn (local.get $spins)) (i32.const 0))
            (then (unreachable)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $next)))))

  ;; Starts the threads, and returns when all run.
  (func (export "start") (param $waiting i32) (param $spinning i32)
    (local $count i32)
    (local $seen i32)
    (local.set $count (i32.add (local.get $waiting) (local.get $spinning)))
    (i32.atomic.store (global.get $expected) (local.get $count))
    (i32.atomic.store (global.get $present) (local.get $count))
    (call $spawn (local.get $waiting) (i32.const 0))
    (call $spawn (local.get $spinning) (i32.const 1))
    (loop $again
      (local.set $seen (i32.atomic.load (global.get $arrived)))
      (if (i32.lt_u (local.get $seen) (local.get $count))
        (then
          (drop (memory.atomic.wait32 (global.get $arrived) (local.get $seen) (i64.const -1)))
          (br $again)))))

  ;; Lets all threads end, and returns when they have.
  (func (export "release")
    (local $seen i32)
    (i32.atomic.store (global.get $released) (i32.const 1))
    (drop (memory.atomic.notify (global.get $released) (i32.const -1)))
    (loop $again
      (local.set $seen (i32.atomic.load (global.get $present)))
      (if (local.get $seen)
        (then
          (drop (memory.atomic.wait32 (global.get $present) (local.get $seen) (i64.const -1)))
          (br $again)))))

  ;; Ends the program.
  (func (export "trap")
    (call $mark)
    (unreachable)))
