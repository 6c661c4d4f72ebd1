;; Starts threads that wait for ever, until one is refused, and has all others look at their numbers once more then. Exits with 1
;; where the refusal is not a negative number, with 2 where there was no thread before it, and with 3 where no thread can
;; be started after others have ended.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1 1 shared)
  ;; At 0: whether the threads may end. At 4: how many have begun. At 8: how many are about to end.
  (func (export "wasi_thread_start") (param $id i32) (param $argument i32)
    (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 4) (i32.const -1)))
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
    (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 8) (i32.const -1))))
  (func $await (param $address i32) (param $threads i32) (local $seen i32)
    (loop $again
      (local.set $seen (i32.atomic.load (local.get $address)))
      (if (i32.lt_u (local.get $seen) (local.get $threads)) (then
        (drop (memory.atomic.wait32 (local.get $address) (local.get $seen) (i64.const -1)))
        (br $again)))))
  (func (export "_start") (local $threads i32) (local $id i32)
    (loop $each
      (local.set $id (call $spawn (i32.const 0)))
      (if (i32.gt_s (local.get $id) (i32.const 0)) (then
        (local.set $threads (i32.add (local.get $threads) (i32.const 1)))
        (br $each))))
    (if (i32.ge_s (local.get $id) (i32.const 0)) (then (call $proc_exit (i32.const 1))))
    (if (i32.eqz (local.get $threads)) (then (call $proc_exit (i32.const 2))))
    (call $await (i32.const 4) (local.get $threads))
    (i32.atomic.store (i32.const 0) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
    (call $await (i32.const 8) (local.get $threads))
    (if (i32.le_s (call $spawn (i32.const 0)) (i32.const 0)) (then (call $proc_exit (i32.const 3))))
    (call $await (i32.const 4) (i32.add (local.get $threads) (i32.const 1)))))
