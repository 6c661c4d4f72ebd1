;; Reads two files, or the two halves of one, in pieces of 64 KiB: one after the other, or at once on two threads.
;; Descriptor 3 is a directory with the files `0` and `1`. A failed call traps.
(module
  (import "env" "memory" (memory 3 3 shared))
  (import "wasi" "thread-spawn" (func $thread_spawn (param $part i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param $fd i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread"
    (func $fd_pread (param $fd i32) (param $iovecs i32) (param $count i32) (param $at i64) (param $read i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param $fd i32) (param $iovecs i32) (param $count i32) (param $read i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param $fd i32) (param $lookup i32) (param $path i32) (param $length i32) (param $open i32)
      (param $base i64) (param $inheriting i64) (param $flags i32) (param $opened i32) (result i32)))

  ;; Whether the other thread has finished, how many bytes were read in all, and how many each half has: 0 if the parts are
  ;; two files. The descriptor of the file with the halves.
  (global $finished i32 (i32.const 0))
  (global $total i32 (i32.const 4))
  (global $half i32 (i32.const 8))
  (global $whole i32 (i32.const 12))
  ;; What each part has for itself, 32 bytes: an array of one buffer, an answer, a path.
  (global $own i32 (i32.const 64))
  (data (i32.const 64) "\00\00\01\00\00\00\01\00\00\00\00\000")
  (data (i32.const 96) "\00\00\02\00\00\00\01\00\00\00\00\001")

  (func $must_work (param $error i32)
    (if (local.get $error) (then (unreachable))))

  (func $open (param $own i32) (result i32)
    (call $must_work (call $path_open (i32.const 3) (i32.const 1) (i32.add (local.get $own) (i32.const 12)) (i32.const 1)
      (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.add (local.get $own) (i32.const 8))))
    (i32.load offset=8 (local.get $own)))

  (func $own (param $part i32) (result i32)
    (i32.add (global.get $own) (i32.shl (local.get $part) (i32.const 5))))

  (func $read_file (param $part i32)
    (local $own i32)
    (local $fd i32)
    (local.set $own (call $own (local.get $part)))
    (local.set $fd (call $open (local.get $own)))
    (loop $next
      (call $must_work
        (call $fd_read (local.get $fd) (local.get $own) (i32.const 1) (i32.add (local.get $own) (i32.const 8))))
      (drop (i32.atomic.rmw.add (global.get $total) (i32.load offset=8 (local.get $own))))
      (br_if $next (i32.load offset=8 (local.get $own))))
    (call $must_work (call $fd_close (local.get $fd))))

  (func $read_half (param $part i32)
    (local $own i32)
    (local $at i64)
    (local $end i64)
    (local.set $own (call $own (local.get $part)))
    (local.set $at (i64.extend_i32_u (i32.mul (local.get $part) (i32.load (global.get $half)))))
    (local.set $end (i64.add (local.get $at) (i64.extend_i32_u (i32.load (global.get $half)))))
    (loop $next
      (call $must_work (call $fd_pread (i32.load (global.get $whole)) (local.get $own) (i32.const 1) (local.get $at)
        (i32.add (local.get $own) (i32.const 8))))
      (drop (i32.atomic.rmw.add (global.get $total) (i32.load offset=8 (local.get $own))))
      (local.set $at (i64.add (local.get $at) (i64.extend_i32_u (i32.load offset=8 (local.get $own)))))
      (br_if $next (i64.lt_u (local.get $at) (local.get $end)))))

  (func $read (param $part i32)
    (if (i32.load (global.get $half))
      (then (call $read_half (local.get $part)))
      (else (call $read_file (local.get $part)))))

  (func (export "wasi_thread_start") (param $thread i32) (param $part i32)
    (call $read (local.get $part))
    (i32.atomic.store (global.get $finished) (i32.const 1))
    (drop (memory.atomic.notify (global.get $finished) (i32.const 1))))

  ;; Gives how many bytes were read.
  (func (export "read") (param $at_once i32) (param $half i32) (result i32)
    (i32.store (global.get $finished) (i32.const 0))
    (i32.store (global.get $total) (i32.const 0))
    (i32.store (global.get $half) (local.get $half))
    (i32.store (global.get $whole) (call $open (call $own (i32.const 0))))
    (if (local.get $at_once)
      (then
        (if (i32.lt_s (call $thread_spawn (i32.const 1)) (i32.const 0)) (then (unreachable)))
        (call $read (i32.const 0))
        (loop $again
          (if (i32.eqz (i32.atomic.load (global.get $finished)))
            (then
              (drop (memory.atomic.wait32 (global.get $finished) (i32.const 0) (i64.const -1)))
              (br $again)))))
      (else
        (call $read (i32.const 0))
        (call $read (i32.const 1))))
    (call $must_work (call $fd_close (i32.load (global.get $whole))))
    (i32.load (global.get $total))))
