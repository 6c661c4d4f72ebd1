;; A command of WASI 0.2 that writes a line for each argument, variable and directory, and after a directory's line what
;; is in its file `input.txt`. It fails if a directory has no such file.
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
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-arguments" (func (result (list string))))
    (export "get-environment" (func (result (list (tuple string string)))))))
  (import "wasi:filesystem/types@0.2.0" (instance $files
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
    (export "[method]descriptor.read" (func
      (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
      (result (result (tuple (list u8) bool) (error $error-code)))))))
  (alias export $files "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (alias outer 1 $descriptor (type $descriptor))
    (export "descriptor" (type $opened (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $opened) string)))))))

  (core module $memory
    (memory (export "memory") 4)
    (global $end (mut i32) (i32.const 4096))
    ;; Nothing is freed, and nothing grows.
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $new i32)
      (local.set $new (i32.and (i32.add (global.get $end) (i32.const 7)) (i32.const -8)))
      (global.set $end (i32.add (local.get $new) (local.get $size)))
      (local.get $new)))
  (core instance $memory (instantiate $memory))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory (core memory $memory "memory"))))
  (core func $get-arguments (canon lower (func $environment "get-arguments")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $get-environment (canon lower (func $environment "get-environment")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $get-directories (canon lower (func $preopens "get-directories")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $open-at (canon lower (func $files "[method]descriptor.open-at")
    (memory (core memory $memory "memory"))))
  (core func $read (canon lower (func $files "[method]descriptor.read")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))

  (core module $main
    (import "memory" "memory" (memory 1))
    (import "wasi" "get-stdout" (func $get-stdout (result i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i32)))
    (import "wasi" "get-arguments" (func $get-arguments (param i32)))
    (import "wasi" "get-environment" (func $get-environment (param i32)))
    (import "wasi" "get-directories" (func $get-directories (param i32)))
    (import "wasi" "open-at" (func $open-at (param i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi" "read" (func $read (param i32 i64 i64 i32)))
    (data (i32.const 1024) "argument ")
    (data (i32.const 1040) "variable ")
    (data (i32.const 1056) "directory ")
    (data (i32.const 1072) "input.txt")
    (data (i32.const 1088) "=\n")
    (global $stdout (mut i32) (i32.const 0))

    (func $print (param $text i32) (param $length i32)
      (call $write (global.get $stdout) (local.get $text) (local.get $length) (i32.const 64))
      (if (i32.load8_u (i32.const 64)) (then unreachable)))
    ;; The string whose address and length are at $at.
    (func $print-at (param $at i32)
      (call $print (i32.load (local.get $at)) (i32.load offset=4 (local.get $at))))
    (func $print-newline (call $print (i32.const 1089) (i32.const 1)))

    (func $print-arguments
      (local $at i32) (local $end i32)
      (call $get-arguments (i32.const 0))
      (local.set $at (i32.load (i32.const 0)))
      (local.set $end (i32.add (local.get $at) (i32.mul (i32.load (i32.const 4)) (i32.const 8))))
      (block $done (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (call $print (i32.const 1024) (i32.const 9))
        (call $print-at (local.get $at))
        (call $print-newline)
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $next))))
    (func $print-environment
      (local $at i32) (local $end i32)
      (call $get-environment (i32.const 0))
      (local.set $at (i32.load (i32.const 0)))
      (local.set $end (i32.add (local.get $at) (i32.mul (i32.load (i32.const 4)) (i32.const 16))))
      (block $done (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (call $print (i32.const 1040) (i32.const 9))
        (call $print-at (local.get $at))
        (call $print (i32.const 1088) (i32.const 1))
        (call $print-at (i32.add (local.get $at) (i32.const 8)))
        (call $print-newline)
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))
    ;; Whether all could be read.
    (func $print-directories (result i32)
      (local $at i32) (local $end i32)
      (call $get-directories (i32.const 0))
      (local.set $at (i32.load (i32.const 0)))
      (local.set $end (i32.add (local.get $at) (i32.mul (i32.load (i32.const 4)) (i32.const 12))))
      (block $done (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (call $print (i32.const 1056) (i32.const 10))
        (call $print-at (i32.add (local.get $at) (i32.const 4)))
        (call $print-newline)
        (call $open-at (i32.load (local.get $at))
          (i32.const 0) (i32.const 1072) (i32.const 9) (i32.const 0) (i32.const 1) (i32.const 16))
        (if (i32.load8_u (i32.const 16)) (then (return (i32.const 0))))
        (call $read (i32.load (i32.const 20)) (i64.const 1000) (i64.const 0) (i32.const 32))
        (if (i32.load8_u (i32.const 32)) (then (return (i32.const 0))))
        (call $print-at (i32.const 36))
        (local.set $at (i32.add (local.get $at) (i32.const 12)))
        (br $next)))
      (i32.const 1))

    (func (export "run") (result i32)
      (global.set $stdout (call $get-stdout))
      (call $print-arguments)
      (call $print-environment)
      (i32.eqz (call $print-directories))))
  (core instance $main (instantiate $main
    (with "memory" (instance $memory))
    (with "wasi" (instance
      (export "get-stdout" (func $get-stdout))
      (export "write" (func $write))
      (export "get-arguments" (func $get-arguments))
      (export "get-environment" (func $get-environment))
      (export "get-directories" (func $get-directories))
      (export "open-at" (func $open-at))
      (export "read" (func $read))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
