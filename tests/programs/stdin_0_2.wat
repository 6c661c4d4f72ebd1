;; A command of WASI 0.2 that reads standard input once, and fails if it gets no byte.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $io-error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "input-stream" (type $input-stream (sub resource)))
    (alias outer 1 $io-error (type $io-error))
    (export "error" (type $error (eq $io-error)))
    (type $any-stream-error (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $any-stream-error)))
    (export "[method]input-stream.blocking-read" (func
      (param "self" (borrow $input-stream)) (param "len" u64)
      (result (result (list u8) (error $stream-error)))))))
  (alias export $streams "input-stream" (type $stream))
  (import "wasi:cli/stdin@0.2.0" (instance $stdin
    (alias outer 1 $stream (type $stream))
    (export "input-stream" (type $input-stream (eq $stream)))
    (export "get-stdin" (func (result (own $input-stream))))))
  (core module $memory
    (memory (export "memory") 1)
    ;; There is one result, which is short.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $get-stdin (canon lower (func $stdin "get-stdin")))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core module $main
    (import "memory" "memory" (memory 1))
    (import "wasi" "get-stdin" (func $get-stdin (result i32)))
    (import "wasi" "read" (func $read (param i32 i64 i32)))
    ;; The result is at 16: whether it is an error, and then the list's address and length.
    (func (export "run") (result i32)
      (call $read (call $get-stdin) (i64.const 16) (i32.const 16))
      (i32.or (i32.load8_u (i32.const 16)) (i32.eqz (i32.load (i32.const 24))))))
  (core instance $main (instantiate $main
    (with "memory" (instance $memory))
    (with "wasi" (instance (export "get-stdin" (func $get-stdin)) (export "read" (func $read))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $command)))
