;; Calls one WASI function again and again: each export does it as often as it is told, and traps if a call fails.
;; Descriptor 3 is a directory with the file `file`, which is longer than all that one export reads or writes.
(module
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param $id i32) (param $precision i64) (param $time i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param $fd i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread"
    (func $fd_pread (param $fd i32) (param $iovecs i32) (param $count i32) (param $at i64) (param $read i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param $fd i32) (param $iovecs i32) (param $count i32) (param $read i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir"
    (func $fd_readdir (param $fd i32) (param $to i32) (param $room i32) (param $cookie i64) (param $used i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param $fd i32) (param $iovecs i32) (param $count i32) (param $written i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param $fd i32) (param $lookup i32) (param $path i32) (param $length i32) (param $open i32)
      (param $base i64) (param $inheriting i64) (param $flags i32) (param $opened i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll_oneoff (param $subscriptions i32) (param $events i32) (param $count i32) (param $happened i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param $to i32) (param $length i32) (result i32)))

  (memory (export "memory") 1)
  ;; Where answers go.
  (global $answer i32 (i32.const 0))
  ;; Arrays of one buffer, of 16 bytes and of 4 KiB.
  (global $small i32 (i32.const 16))
  (data (i32.const 16) "\00\10\00\00\10\00\00\00")
  (global $large i32 (i32.const 24))
  (data (i32.const 24) "\00\10\00\00\00\10\00\00")
  (global $path i32 (i32.const 32))
  (data (i32.const 32) "file")
  ;; A subscription to the monotonic clock, for now, and room for its event.
  (global $subscription i32 (i32.const 64))
  (data (i32.const 80) "\01")
  (global $event i32 (i32.const 128))
  (global $buffer i32 (i32.const 4096))

  (func $must_work (param $error i32)
    (if (local.get $error) (then (unreachable))))

  (func $open (result i32)
    ;; Symbolic links are followed; the rights are those to read and write.
    (call $must_work (call $path_open (i32.const 3) (i32.const 1) (global.get $path) (i32.const 4) (i32.const 0)
      (i64.const 66) (i64.const 0) (i32.const 0) (global.get $answer)))
    (i32.load (global.get $answer)))

  (func $close (param $fd i32)
    (call $must_work (call $fd_close (local.get $fd))))

  (func $write (param $iovec i32) (param $times i32) (local $fd i32)
    (local.set $fd (call $open))
    (loop $next
      (call $must_work (call $fd_write (local.get $fd) (local.get $iovec) (i32.const 1) (global.get $answer)))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (call $close (local.get $fd)))

  (func $read (param $iovec i32) (param $times i32) (local $fd i32)
    (local.set $fd (call $open))
    (loop $next
      (call $must_work (call $fd_read (local.get $fd) (local.get $iovec) (i32.const 1) (global.get $answer)))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (call $close (local.get $fd)))

  (func $clock (param $id i32) (param $times i32)
    (loop $next
      (call $must_work (call $clock_time_get (local.get $id) (i64.const 0) (global.get $answer)))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))

  (func (export "write-small") (param $times i32) (call $write (global.get $small) (local.get $times)))
  (func (export "write-large") (param $times i32) (call $write (global.get $large) (local.get $times)))
  (func (export "read-small") (param $times i32) (call $read (global.get $small) (local.get $times)))
  (func (export "read-large") (param $times i32) (call $read (global.get $large) (local.get $times)))
  (func (export "clock-realtime") (param $times i32) (call $clock (i32.const 0) (local.get $times)))
  (func (export "clock-monotonic") (param $times i32) (call $clock (i32.const 1) (local.get $times)))

  (func (export "pread-large") (param $times i32) (local $fd i32)
    (local.set $fd (call $open))
    (loop $next
      (call $must_work
        (call $fd_pread (local.get $fd) (global.get $large) (i32.const 1) (i64.const 4096) (global.get $answer)))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (call $close (local.get $fd)))

  (func (export "open-close") (param $times i32)
    (loop $next
      (call $close (call $open))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))

  (func (export "readdir") (param $times i32)
    (loop $next
      (call $must_work
        (call $fd_readdir (i32.const 3) (global.get $buffer) (i32.const 4096) (i64.const 0) (global.get $answer)))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))

  (func (export "random") (param $times i32)
    (loop $next
      (call $must_work (call $random_get (global.get $buffer) (i32.const 16)))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))

  (func (export "poll") (param $times i32)
    (loop $next
      (call $must_work
        (call $poll_oneoff (global.get $subscription) (global.get $event) (i32.const 1) (global.get $answer)))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))))
