;; Calls one function of WASI 0.2 again and again: each export does it as often as it is told, and traps if a call fails. The first
;; directory has the file `file`, which is longer than all that one export reads or writes. `@shared` is `shared` for weft.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $io-error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "input-stream" (type $input-stream (sub resource)))
    (export "output-stream" (type $output-stream (sub resource)))
    (alias outer 1 $io-error (type $io-error))
    (export "error" (type $error (eq $io-error)))
    (type $any-stream-error (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $any-stream-error)))
    (export "[method]input-stream.blocking-read" (func
      (param "self" (borrow $input-stream)) (param "len" u64) (result (result (list u8) (error $stream-error)))))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output-stream)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:filesystem/types@0.2.0" (instance $files
    (alias outer 1 $input (type $any-input))
    (export "input-stream" (type $input-stream (eq $any-input)))
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
    (export "[method]descriptor.read" (func
      (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
      (result (result (tuple (list u8) bool) (error $error-code)))))
    (export "[method]descriptor.write" (func
      (param "self" (borrow $descriptor)) (param "buffer" (list u8)) (param "offset" u64)
      (result (result u64 (error $error-code)))))
    (export "[method]descriptor.read-via-stream" (func
      (param "self" (borrow $descriptor)) (param "offset" u64) (result (result (own $input-stream) (error $error-code)))))
    (export "[method]descriptor.write-via-stream" (func
      (param "self" (borrow $descriptor)) (param "offset" u64) (result (result (own $output-stream) (error $error-code)))))))
  (alias export $files "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (alias outer 1 $descriptor (type $descriptor))
    (export "descriptor" (type $opened (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $opened) string)))))))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $monotonic (export "now" (func (result u64)))))
  (import "wasi:clocks/wall-clock@0.2.0" (instance $wall
    (type $any-datetime (record (field "seconds" u64) (field "nanoseconds" u32)))
    (export "datetime" (type $datetime (eq $any-datetime)))
    (export "now" (func (result $datetime)))))
  (import "wasi:random/random@0.2.0" (instance $random
    (export "get-random-bytes" (func (param "len" u64) (result (list u8))))
    (export "get-random-u64" (func (result u64)))))

  (core module $libc
    (memory $memory (export "memory") 2 2 @shared)
    ;; What is passed always goes to the same two places: bytes and text to one, and a list that contains text to the other. Before them is
    ;; what calls write to files.
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (select (i32.const 0x18000) (i32.const 0x10000) (i32.eq (local.get $align) (i32.const 1)))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))

  (core func $directories (canon lower (func $preopens "get-directories") (memory $memory) (realloc $realloc)))
  (core func $open (canon lower (func $files "[method]descriptor.open-at") (memory $memory)))
  (core func $reader (canon lower (func $files "[method]descriptor.read-via-stream") (memory $memory)))
  (core func $writer (canon lower (func $files "[method]descriptor.write-via-stream") (memory $memory)))
  (core func $read (canon lower (func $files "[method]descriptor.read") (memory $memory) (realloc $realloc)))
  (core func $write (canon lower (func $files "[method]descriptor.write") (memory $memory)))
  (core func $stream-read (canon lower (func $streams "[method]input-stream.blocking-read") (memory $memory) (realloc $realloc)))
  (core func $stream-write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush") (memory $memory)))
  (core func $monotonic (canon lower (func $monotonic "now")))
  (core func $wall (canon lower (func $wall "now") (memory $memory)))
  (core func $random-bytes (canon lower (func $random "get-random-bytes") (memory $memory) (realloc $realloc)))
  (core func $random-u64 (canon lower (func $random "get-random-u64")))
  (core func $drop-descriptor (canon resource.drop $descriptor))
  (core func $drop-input (canon resource.drop $input))
  (core func $drop-output (canon resource.drop $output))

  (core module $main
    (import "libc" "memory" (memory 2 2 @shared))
    (import "wasi" "directories" (func $directories (param i32)))
    (import "wasi" "open" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi" "reader" (func $reader (param i32 i64 i32)))
    (import "wasi" "writer" (func $writer (param i32 i64 i32)))
    (import "wasi" "read" (func $read (param i32 i64 i64 i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i64 i32)))
    (import "wasi" "stream-read" (func $stream-read (param i32 i64 i32)))
    (import "wasi" "stream-write" (func $stream-write (param i32 i32 i32 i32)))
    (import "wasi" "monotonic" (func $monotonic (result i64)))
    (import "wasi" "wall" (func $wall (param i32)))
    (import "wasi" "random-bytes" (func $random-bytes (param i64 i32)))
    (import "wasi" "random-u64" (func $random-u64 (result i64)))
    (import "wasi" "drop-descriptor" (func $drop-descriptor (param i32)))
    (import "wasi" "drop-input" (func $drop-input (param i32)))
    (import "wasi" "drop-output" (func $drop-output (param i32)))

    (data (i32.const 64) "file")
    ;; The answer of the last call is at 0, and the directory at 128 after the first call of all.

    (func $handle (result i32)
      (if (i32.load8_u (i32.const 0)) (then unreachable))
      (i32.load (i32.const 4)))

    (func $file (result i32)
      (if (i32.eqz (i32.load (i32.const 132)))
        (then
          (call $directories (i32.const 0))
          (i32.store (i32.const 128) (i32.load (i32.load (i32.const 0))))
          (i32.store (i32.const 132) (i32.const 1))))
      (call $open (i32.load (i32.const 128)) (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 0) (i32.const 3) (i32.const 0))
      (call $handle))

    (func (export "monotonic") (param $times i32)
      (loop $again
        (drop (call $monotonic))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))

    (func (export "wall") (param $times i32)
      (loop $again
        (call $wall (i32.const 0))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))

    (func (export "random-u64") (param $times i32)
      (loop $again
        (drop (call $random-u64))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))

    (func (export "random-bytes") (param $times i32)
      (loop $again
        (call $random-bytes (i64.const 16) (i32.const 0))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))

    (func (export "read") (param $times i32) (local $file i32) (local $at i64)
      (local.set $file (call $file))
      (loop $again
        (call $read (local.get $file) (i64.const 4096) (local.get $at) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then unreachable))
        (local.set $at (i64.add (local.get $at) (i64.const 4096)))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
      (call $drop-descriptor (local.get $file)))

    (func (export "write") (param $times i32) (local $file i32) (local $at i64)
      (local.set $file (call $file))
      (loop $again
        (call $write (local.get $file) (i32.const 4096) (i32.const 4096) (local.get $at) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then unreachable))
        (local.set $at (i64.add (local.get $at) (i64.const 4096)))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
      (call $drop-descriptor (local.get $file)))

    (func (export "stream-read") (param $times i32) (local $file i32) (local $stream i32)
      (local.set $file (call $file))
      (call $reader (local.get $file) (i64.const 0) (i32.const 0))
      (local.set $stream (call $handle))
      (loop $again
        (call $stream-read (local.get $stream) (i64.const 4096) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then unreachable))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
      (call $drop-input (local.get $stream))
      (call $drop-descriptor (local.get $file)))

    (func (export "stream-write") (param $times i32) (local $file i32) (local $stream i32)
      (local.set $file (call $file))
      (call $writer (local.get $file) (i64.const 0) (i32.const 0))
      (local.set $stream (call $handle))
      (loop $again
        (call $stream-write (local.get $stream) (i32.const 4096) (i32.const 4096) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then unreachable))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
      (call $drop-output (local.get $stream))
      (call $drop-descriptor (local.get $file))))

  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "wasi" (instance
      (export "directories" (func $directories))
      (export "open" (func $open))
      (export "reader" (func $reader))
      (export "writer" (func $writer))
      (export "read" (func $read))
      (export "write" (func $write))
      (export "stream-read" (func $stream-read))
      (export "stream-write" (func $stream-write))
      (export "monotonic" (func $monotonic))
      (export "wall" (func $wall))
      (export "random-bytes" (func $random-bytes))
      (export "random-u64" (func $random-u64))
      (export "drop-descriptor" (func $drop-descriptor))
      (export "drop-input" (func $drop-input))
      (export "drop-output" (func $drop-output))))))
  (func (export "monotonic") (param "times" u32) (canon lift (core func $main "monotonic")))
  (func (export "wall") (param "times" u32) (canon lift (core func $main "wall")))
  (func (export "random-u64") (param "times" u32) (canon lift (core func $main "random-u64")))
  (func (export "random-bytes") (param "times" u32) (canon lift (core func $main "random-bytes")))
  (func (export "read") (param "times" u32) (canon lift (core func $main "read")))
  (func (export "write") (param "times" u32) (canon lift (core func $main "write")))
  (func (export "stream-read") (param "times" u32) (canon lift (core func $main "stream-read")))
  (func (export "stream-write") (param "times" u32) (canon lift (core func $main "stream-write"))))
