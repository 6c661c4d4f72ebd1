;; Uses the Component Model's thread built-ins by name, and both context slots as its own variables. Hand-written, because
;; a linker always makes a stack pointer, which wants one of the slots. Exits with a status that says which check failed.
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "$root" "[thread-spawn-indirect]" (func $spawn (param $function i32) (param $argument i32) (result i32)))
  (import "$root" "[thread-index]" (func $index (result i32)))
  (import "$root" "[thread-available-parallelism]" (func $parallelism (result i32)))
  (import "$root" "[context-get-0]" (func $get0 (result i32)))
  (import "$root" "[context-set-0]" (func $set0 (param i32)))
  (import "$root" "[context-get-1]" (func $get1 (result i32)))
  (import "$root" "[context-set-1]" (func $set1 (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))

  (table (export "__indirect_function_table") 2 2 funcref)
  (elem (i32.const 1) func $run)

  (global $threads i32 (i32.const 4))
  (global $rounds i32 (i32.const 1000))
  ;; How many threads have finished. The index that thread n was given is at 16 + 4n, the one it sees at 64 + 4n.
  (global $finished i32 (i32.const 0))
  (data (i32.const 128) "built-ins: done\n")
  (data (i32.const 160) "\80\00\00\00\10\00\00\00")

  (func $require (param $holds i32) (param $status i32)
    (if (i32.eqz (local.get $holds)) (then (call $proc_exit (local.get $status)))))

  (func $run (param $number i32)
    (local $round i32) (local $value i32)
    (call $require (i32.eqz (i32.or (call $get0) (call $get1))) (i32.const 10))
    (loop $again
      (local.set $value (i32.or (i32.shl (local.get $number) (i32.const 16)) (local.get $round)))
      (call $set0 (local.get $value))
      (call $set1 (i32.xor (local.get $value) (i32.const -1)))
      (drop (call $sched_yield))
      (call $require (i32.eq (call $get0) (local.get $value)) (i32.const 11))
      (call $require (i32.eq (call $get1) (i32.xor (local.get $value) (i32.const -1))) (i32.const 12))
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (br_if $again (i32.ne (local.get $round) (global.get $rounds))))
    (i32.store offset=64 (i32.shl (local.get $number) (i32.const 2)) (call $index))
    (drop (i32.atomic.rmw.add (global.get $finished) (i32.const 1)))
    (drop (memory.atomic.notify (global.get $finished) (i32.const 1))))

  (func (export "_start")
    (local $number i32) (local $seen i32) (local $thread i32)
    (call $require (i32.ge_u (call $parallelism) (i32.const 1)) (i32.const 20))
    (call $set0 (i32.const 77))

    (loop $each
      (local.set $thread (call $spawn (i32.const 1) (local.get $number)))
      (call $require (local.get $thread) (i32.const 21))
      (i32.store offset=16 (i32.shl (local.get $number) (i32.const 2)) (local.get $thread))
      (local.set $number (i32.add (local.get $number) (i32.const 1)))
      (br_if $each (i32.ne (local.get $number) (global.get $threads))))

    (loop $again
      (local.set $seen (i32.atomic.load (global.get $finished)))
      (if (i32.ne (local.get $seen) (global.get $threads))
        (then
          (drop (memory.atomic.wait32 (global.get $finished) (local.get $seen) (i64.const -1)))
          (br $again))))

    (local.set $number (i32.const 0))
    (loop $each
      (local.set $thread (i32.load offset=64 (i32.shl (local.get $number) (i32.const 2))))
      (call $require
        (i32.eq (local.get $thread) (i32.load offset=16 (i32.shl (local.get $number) (i32.const 2)))) (i32.const 22))
      (call $require (i32.ne (local.get $thread) (call $index)) (i32.const 23))
      (local.set $number (i32.add (local.get $number) (i32.const 1)))
      (br_if $each (i32.ne (local.get $number) (global.get $threads))))

    (call $require (i32.eq (call $get0) (i32.const 77)) (i32.const 24))
    (call $require (i32.eqz (call $get1)) (i32.const 25))
    (call $require (i32.eqz (call $fd_write (i32.const 1) (i32.const 160) (i32.const 1) (i32.const 168))) (i32.const 26))))
