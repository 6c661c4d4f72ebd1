;; A command of WASI 0.2 whose threads run in parallel. Three threads print a line each, two of them on a stream that they share with
;; the main thread and one on a stream of its own. Meanwhile the main thread waits for a clock, and then for the threads.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $io-error))
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "poll" (func (param "in" (list (borrow $pollable))) (result (list u32))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $output-stream (sub resource)))
    (alias outer 1 $io-error (type $io-error))
    (export "error" (type $error (eq $io-error)))
    (type $any-stream-error (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $any-stream-error)))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output-stream)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (alias outer 1 $pollable (type $any-pollable))
    (export "pollable" (type $pollable (eq $any-pollable)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))

  (core module $libc
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (memory $memory (export "memory") 1 1 shared)
    (table (export "table") shared 1 1 (ref null (shared func)))
    ;; Where free memory begins.
    (data (memory $memory) (i32.const 0) "\00\10\00\00")
    (func (export "realloc") (type $realloc) (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (i32.atomic.rmw.add (i32.const 0) (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -8)))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "table" (core table $table))
  (alias core export $libc "realloc" (core func $realloc))

  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-indirect $start $table))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush") (memory $memory)))
  (core func $drop-stream (canon resource.drop $stream))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core func $wait (canon lower (func $poll "poll") (memory $memory) (realloc $realloc)))
  (core func $drop-pollable (canon resource.drop $pollable))

  (core module $main
    (type $start (shared (func (param i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $get (shared (func (result i32))))
    (type $write (shared (func (param i32 i32 i32 i32))))
    (type $drop (shared (func (param i32))))
    (type $subscribe (shared (func (param i64) (result i32))))
    (type $wait (shared (func (param i32 i32 i32))))
    (type $print (shared (func (param i32 i32))))
    (import "libc" "memory" (memory 1 1 shared))
    (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
    (import "host" "spawn" (func $spawn (type $spawn)))
    (import "wasi" "get-stdout" (func $get-stdout (type $get)))
    (import "wasi" "write" (func $write (type $write)))
    (import "wasi" "drop-stream" (func $drop-stream (type $drop)))
    (import "wasi" "subscribe" (func $subscribe (type $subscribe)))
    (import "wasi" "wait" (func $wait (type $wait)))
    (import "wasi" "drop-pollable" (func $drop-pollable (type $drop)))

    ;; How many threads have finished is at 8, and the shared stream at 12. Line n is at 64 + 32n.
    (data (i32.const 64) "on a stream of its own\n")
    (data (i32.const 96) "on a shared stream (1)\n")
    (data (i32.const 128) "on a shared stream (2)\n")
    (data (i32.const 160) "after all the threads!\n")

    ;; The answer to each line is at 256 + 32n.
    (func $print (type $print) (param $stream i32) (param $line i32)
      (local $offset i32)
      (local.set $offset (i32.mul (local.get $line) (i32.const 32)))
      (call $write (local.get $stream) (i32.add (i32.const 64) (local.get $offset)) (i32.const 23)
        (i32.add (i32.const 256) (local.get $offset)))
      (if (i32.load8_u (i32.add (i32.const 256) (local.get $offset))) (then unreachable)))

    (func $thread (type $start) (param $line i32)
      (local $own i32)
      (if (local.get $line)
        (then (call $print (i32.load (i32.const 12)) (local.get $line)))
        (else
          (local.set $own (call $get-stdout))
          (call $print (local.get $own) (i32.const 0))
          (call $drop-stream (local.get $own))))
      (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 8) (i32.const 1))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $thread))

    ;; Waits for the first of two times, which is the second one, and says whether it is.
    (func $sleep (result i32)
      (i32.store (i32.const 16) (call $subscribe (i64.const 3600000000000)))
      (i32.store (i32.const 20) (call $subscribe (i64.const 1000000)))
      (call $wait (i32.const 16) (i32.const 2) (i32.const 24))
      (call $drop-pollable (i32.load (i32.const 16)))
      (call $drop-pollable (i32.load (i32.const 20)))
      (i32.and
        (i32.eq (i32.load (i32.const 28)) (i32.const 1))
        (i32.eq (i32.load (i32.load (i32.const 24))) (i32.const 1))))

    (func (export "run") (result i32)
      (local $seen i32)
      (i32.store (i32.const 12) (call $get-stdout))
      (drop (call $spawn (i32.const 0) (i32.const 0)))
      (drop (call $spawn (i32.const 0) (i32.const 1)))
      (drop (call $spawn (i32.const 0) (i32.const 2)))
      (if (i32.eqz (call $sleep)) (then (return (i32.const 1))))
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 8)))
        (if (i32.ne (local.get $seen) (i32.const 3)) (then
          (drop (memory.atomic.wait32 (i32.const 8) (local.get $seen) (i64.const -1)))
          (br $again))))
      (call $print (i32.load (i32.const 12)) (i32.const 3))
      (i32.const 0)))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "host" (instance (export "spawn" (func $spawn))))
    (with "wasi" (instance
      (export "get-stdout" (func $get-stdout))
      (export "write" (func $write))
      (export "drop-stream" (func $drop-stream))
      (export "subscribe" (func $subscribe))
      (export "wait" (func $wait))
      (export "drop-pollable" (func $drop-pollable))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $command)))
