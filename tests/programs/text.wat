;; Three threads print a line each, and the main thread waits for them. Hand-written: no compiler, no stack pointer, no
;; thread-local storage, and no name but those in this text.
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param $fd i32) (param $iovs i32) (param $count i32) (param $written i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param $code i32)))
  (import "wasi" "thread-spawn" (func $thread_spawn (param $arg i32) (result i32)))

  (export "memory" (memory 0))

  ;; The number of threads that have finished. The main thread waits on it.
  (global $finished i32 (i32.const 0))
  ;; Line n is at 64 + 32n, its iovec at 256 + 16n, and the place for the count of bytes written 8 bytes after that.
  (data (i32.const 64) "text: one\n")
  (data (i32.const 96) "text: two\n")
  (data (i32.const 128) "text: three\n")
  (data (i32.const 160) "text: done\n")
  (data (i32.const 256) "\40\00\00\00\0a\00\00\00")
  (data (i32.const 272) "\60\00\00\00\0a\00\00\00")
  (data (i32.const 288) "\80\00\00\00\0c\00\00\00")
  (data (i32.const 304) "\a0\00\00\00\0b\00\00\00")

  (func $print (param $line i32)
    (local $iovec i32)
    (local.set $iovec (i32.add (i32.const 256) (i32.mul (local.get $line) (i32.const 16))))
    (if (call $fd_write (i32.const 1) (local.get $iovec) (i32.const 1) (i32.add (local.get $iovec) (i32.const 8)))
      (then (call $proc_exit (i32.const 2)))))

  (func (export "wasi_thread_start") (param $thread i32) (param $line i32)
    (call $print (local.get $line))
    (drop (i32.atomic.rmw.add (global.get $finished) (i32.const 1)))
    (drop (memory.atomic.notify (global.get $finished) (i32.const 1))))

  (func $spawn (param $line i32)
    (if (i32.lt_s (call $thread_spawn (local.get $line)) (i32.const 0))
      (then (call $proc_exit (i32.const 3)))))

  (func (export "_start")
    (local $seen i32)
    (call $spawn (i32.const 0))
    (call $spawn (i32.const 1))
    (call $spawn (i32.const 2))
    (loop $again
      (local.set $seen (i32.atomic.load (global.get $finished)))
      (if (i32.ne (local.get $seen) (i32.const 3))
        (then
          (drop (memory.atomic.wait32 (global.get $finished) (local.get $seen) (i64.const -1)))
          (br $again))))
    (call $print (i32.const 3))))
