;; Opens `file` in its directory without `write`, and writes no bytes to it: at its beginning, and at its end. Both must fail.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $io-error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $output-stream (sub resource)))
    (alias outer 1 $io-error (type $io-error))
    (export "error" (type $error (eq $io-error)))
    (type $any-stream-error (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $any-stream-error)))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output-stream)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:filesystem/types@0.2.0" (instance $files
    (alias outer 1 $output (type $any-output))
    (export "output-stream" (type $output-stream (eq $any-output)))
    (export "descriptor" (type $descriptor (sub resource)))
    (type $any-error-code (enum
      "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist" "file-too-large"
      "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io" "is-directory" "loop" "too-many-links"
      "message-size" "name-too-long" "no-device" "no-entry" "no-lock" "insufficient-memory" "insufficient-space"
      "not-directory" "not-empty" "not-recoverable" "unsupported" "no-tty" "no-such-device" "overflow"
      "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy" "cross-device"))
    (export "error-code" (type $error-code (eq $any-error-code)))
    (type $any-descriptor-flags (flags
      "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync" "mutate-directory"))
    (export "descriptor-flags" (type $descriptor-flags (eq $any-descriptor-flags)))
    (type $any-path-flags (flags "symlink-follow"))
    (export "path-flags" (type $path-flags (eq $any-path-flags)))
    (type $any-open-flags (flags "create" "directory" "exclusive" "truncate"))
    (export "open-flags" (type $open-flags (eq $any-open-flags)))
    (export "[method]descriptor.open-at" (func
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))))
    (export "[method]descriptor.write-via-stream" (func
      (param "self" (borrow $descriptor)) (param "offset" u64) (result (result (own $output-stream) (error $error-code)))))
    (export "[method]descriptor.append-via-stream" (func
      (param "self" (borrow $descriptor)) (result (result (own $output-stream) (error $error-code)))))))
  (alias export $files "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (alias outer 1 $descriptor (type $descriptor))
    (export "descriptor" (type $opened (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $opened) string)))))))

  (core module $libc
    (memory (export "memory") 2)
    (data (i32.const 0) "file")
    ;; Where free memory begins. Nothing is freed.
    (global $free (mut i32) (i32.const 65536))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (global.get $free)
      (global.set $free (i32.add (global.get $free) (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -8))))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))

  (core func $get-directories (canon lower (func $preopens "get-directories") (memory $memory) (realloc $realloc)))
  (core func $open (canon lower (func $files "[method]descriptor.open-at") (memory $memory)))
  (core func $at (canon lower (func $files "[method]descriptor.write-via-stream") (memory $memory)))
  (core func $at-end (canon lower (func $files "[method]descriptor.append-via-stream") (memory $memory)))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush") (memory $memory)))

  (core module $main
    (import "libc" "memory" (memory 2))
    (import "wasi" "get-directories" (func $get-directories (param i32)))
    (import "wasi" "open" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi" "at" (func $at (param i32 i64 i32)))
    (import "wasi" "at-end" (func $at-end (param i32 i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i32)))

    ;; The handle in the answer, which must be no error. The answer is at 16.
    (func $handle (result i32)
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (i32.load (i32.const 20)))

    ;; Writing to a stream must fail with `last-operation-failed`.
    (func $refuses (param $stream i32)
      (call $write (local.get $stream) (i32.const 0) (i32.const 0) (i32.const 16))
      (if (i32.eqz (i32.load8_u (i32.const 16))) (then unreachable))
      (if (i32.load8_u (i32.const 20)) (then unreachable)))

    (func (export "run") (result i32) (local $file i32)
      (call $get-directories (i32.const 16))
      (call $open (i32.load (i32.load (i32.const 16))) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0)
        (i32.const 16))
      (local.set $file (call $handle))
      (call $at (local.get $file) (i64.const 0) (i32.const 16))
      (call $refuses (call $handle))
      (call $at-end (local.get $file) (i32.const 16))
      (call $refuses (call $handle))
      (i32.const 0)))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "wasi" (instance
      (export "get-directories" (func $get-directories))
      (export "open" (func $open))
      (export "at" (func $at))
      (export "at-end" (func $at-end))
      (export "write" (func $write))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $command)))
