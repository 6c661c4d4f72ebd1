;; By the wasi-threads ABI each thread has an instance of its own, and so runs the start function anew: it gives the thread's
;; globals their values, and copies and drops segments that no other thread has dropped. Status 7 if all threads see that.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1 1 shared)
  (table $table 2 funcref)
  ;; Before the start function: 1. After it: 7, and in each thread the number of start functions that had run.
  (global $constant (mut i32) (i32.const 1))
  (global $number (mut i32) (i32.const 0))
  (global $wide (mut i64) (i64.const 1))
  (data $data "data")
  (elem $functions func $seven)

  (func $seven (result i32) (i32.const 7))

  ;; 0: how many start functions have run. 4: how many threads have ended. 8: a bit for each number that one has seen.
  ;; 16: what segments are copied to.
  (func $start
    (global.set $constant (i32.const 7))
    (global.set $wide (i64.const 7))
    (global.set $number (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (memory.init $data (i32.const 16) (i32.const 0) (i32.const 4))
    (data.drop $data)
    (table.init $table $functions (i32.const 1) (i32.const 0) (i32.const 1))
    (elem.drop $functions))
  (start $start)

  (func $check (param $holds i32) (param $status i32)
    (if (i32.eqz (local.get $holds)) (then (call $proc_exit (local.get $status)))))

  (func $look
    (call $check (i32.eq (global.get $constant) (i32.const 7)) (i32.const 1))
    (call $check (i64.eq (global.get $wide) (i64.const 7)) (i32.const 2))
    (call $check (i32.eq (i32.load (i32.const 16)) (i32.const 0x61746164)) (i32.const 3))
    (call $check (i32.eq (call_indirect (result i32) (i32.const 1)) (i32.const 7)) (i32.const 4))
    (drop (i32.atomic.rmw.or (i32.const 8) (i32.shl (i32.const 1) (global.get $number)))))

  (func (export "wasi_thread_start") (param i32 i32)
    (call $look)
    (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 4) (i32.const 1))))

  (func (export "_start")
    (local $count i32)
    (call $look)
    (loop $next
      (call $check (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0)) (i32.const 5))
      (local.set $count (i32.add (local.get $count) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $count) (i32.const 8))))
    (loop $wait
      (local.set $count (i32.atomic.load (i32.const 4)))
      (if (i32.lt_u (local.get $count) (i32.const 8))
        (then
          (drop (memory.atomic.wait32 (i32.const 4) (local.get $count) (i64.const -1)))
          (br $wait))))
    ;; Nine threads, each with a number of its own.
    (call $check (i32.eq (i32.atomic.load (i32.const 8)) (i32.const 511)) (i32.const 6))
    (call $proc_exit (i32.const 7))))
