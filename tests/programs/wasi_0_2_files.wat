;; Copies the files of its first directory to its second one, in capital letters. Eight threads take the files from one listing.
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
    (export "directory-entry-stream" (type $entries (sub resource)))
    (type $any-type (enum
      "unknown" "block-device" "character-device" "directory" "fifo" "symbolic-link" "regular-file" "socket"))
    (export "descriptor-type" (type $type (eq $any-type)))
    (type $any-entry (record (field "type" $type) (field "name" string)))
    (export "directory-entry" (type $entry (eq $any-entry)))
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
    (export "[method]descriptor.read-via-stream" (func
      (param "self" (borrow $descriptor)) (param "offset" u64) (result (result (own $input-stream) (error $error-code)))))
    (export "[method]descriptor.write-via-stream" (func
      (param "self" (borrow $descriptor)) (param "offset" u64) (result (result (own $output-stream) (error $error-code)))))
    (export "[method]descriptor.read-directory" (func
      (param "self" (borrow $descriptor)) (result (result (own $entries) (error $error-code)))))
    (export "[method]directory-entry-stream.read-directory-entry" (func
      (param "self" (borrow $entries)) (result (result (option $entry) (error $error-code)))))))
  (alias export $files "descriptor" (type $descriptor))
  (alias export $files "directory-entry-stream" (type $entries))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (alias outer 1 $descriptor (type $descriptor))
    (export "descriptor" (type $opened (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $opened) string)))))))

  (core module $libc
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (memory $memory (export "memory") 64 64 shared)
    (table (export "table") shared 1 1 (ref null (shared func)))
    ;; Where free memory begins. Nothing is freed.
    (data (memory $memory) (i32.const 0) "\00\00\01\00")
    (func (export "realloc") (type $realloc) (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (i32.atomic.rmw.add (i32.const 0) (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -8)))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "table" (core table $table))
  (alias core export $libc "realloc" (core func $realloc))

  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-indirect $start $table))
  (core func $get-directories (canon lower (func $preopens "get-directories") (memory $memory) (realloc $realloc)))
  (core func $list (canon lower (func $files "[method]descriptor.read-directory") (memory $memory)))
  (core func $next (canon lower (func $files "[method]directory-entry-stream.read-directory-entry")
    (memory $memory) (realloc $realloc)))
  (core func $open (canon lower (func $files "[method]descriptor.open-at") (memory $memory)))
  (core func $reader (canon lower (func $files "[method]descriptor.read-via-stream") (memory $memory)))
  (core func $writer (canon lower (func $files "[method]descriptor.write-via-stream") (memory $memory)))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read") (memory $memory) (realloc $realloc)))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush") (memory $memory)))
  (core func $drop-descriptor (canon resource.drop $descriptor))
  (core func $drop-input (canon resource.drop $input))
  (core func $drop-output (canon resource.drop $output))
  (core func $drop-entries (canon resource.drop $entries))

  (core module $main
    (type $start (shared (func (param i32))))
    (type $two (shared (func (param i32 i32))))
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (type $open (shared (func (param i32 i32 i32 i32 i32 i32 i32))))
    (type $stream (shared (func (param i32 i64 i32))))
    (type $write (shared (func (param i32 i32 i32 i32))))
    (type $check (shared (func (param i32) (result i32))))
    (import "libc" "memory" (memory 64 64 shared))
    (import "libc" "table" (table $table shared 1 1 (ref null (shared func))))
    (import "host" "spawn" (func $spawn (type $spawn)))
    (import "wasi" "get-directories" (func $get-directories (type $start)))
    (import "wasi" "list" (func $list (type $two)))
    (import "wasi" "next" (func $next (type $two)))
    (import "wasi" "open" (func $open (type $open)))
    (import "wasi" "reader" (func $reader (type $stream)))
    (import "wasi" "writer" (func $writer (type $stream)))
    (import "wasi" "read" (func $read (type $stream)))
    (import "wasi" "write" (func $write (type $write)))
    (import "wasi" "drop-descriptor" (func $drop-descriptor (type $start)))
    (import "wasi" "drop-input" (func $drop-input (type $start)))
    (import "wasi" "drop-output" (func $drop-output (type $start)))
    (import "wasi" "drop-entries" (func $drop-entries (type $start)))

    ;; At 8 is how many threads have finished, at 12 the listing, at 16 and 20 the two directories. The answers to thread n are at
    ;; 1024 + 64n.

    ;; The handle in an answer, which must be no error.
    (func $handle (type $check) (param $answer i32) (result i32)
      (if (i32.load8_u (local.get $answer)) (then unreachable))
      (i32.load offset=4 (local.get $answer)))

    (func $capitals (type $two) (param $at i32) (param $length i32)
      (local $end i32) (local $letter i32)
      (local.set $end (i32.add (local.get $at) (local.get $length)))
      (block $done (loop $again
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $letter (i32.load8_u (local.get $at)))
        (if (i32.lt_u (i32.sub (local.get $letter) (i32.const 97)) (i32.const 26))
          (then (i32.store8 (local.get $at) (i32.sub (local.get $letter) (i32.const 32)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $again))))

    (func $write-all (type $write) (param $to i32) (param $at i32) (param $length i32) (param $answer i32)
      (local $piece i32)
      (loop $again
        (local.set $piece (select (i32.const 4096) (local.get $length) (i32.gt_u (local.get $length) (i32.const 4096))))
        (call $write (local.get $to) (local.get $at) (local.get $piece) (local.get $answer))
        (if (i32.load8_u (local.get $answer)) (then unreachable))
        (local.set $at (i32.add (local.get $at) (local.get $piece)))
        (local.set $length (i32.sub (local.get $length) (local.get $piece)))
        (br_if $again (local.get $length))))

    (type $copy (shared (func (param i32 i32 i32))))
    (func $copy (type $copy) (param $name i32) (param $length i32) (param $answer i32)
      (local $from i32) (local $to i32) (local $input i32) (local $output i32)
      (call $open (i32.load (i32.const 16)) (i32.const 0) (local.get $name) (local.get $length)
        (i32.const 0) (i32.const 1) (local.get $answer))
      (local.set $from (call $handle (local.get $answer)))
      (call $open (i32.load (i32.const 20)) (i32.const 0) (local.get $name) (local.get $length)
        (i32.const 9) (i32.const 2) (local.get $answer))
      (local.set $to (call $handle (local.get $answer)))
      (call $reader (local.get $from) (i64.const 0) (local.get $answer))
      (local.set $input (call $handle (local.get $answer)))
      (call $writer (local.get $to) (i64.const 0) (local.get $answer))
      (local.set $output (call $handle (local.get $answer)))
      ;; The streams keep the files open.
      (call $drop-descriptor (local.get $from))
      (call $drop-descriptor (local.get $to))
      (block $ended (loop $again
        (call $read (local.get $input) (i64.const 10000) (local.get $answer))
        (br_if $ended (i32.load8_u (local.get $answer)))
        (local.set $from (i32.load offset=4 (local.get $answer)))
        (local.set $to (i32.load offset=8 (local.get $answer)))
        (call $capitals (local.get $from) (local.get $to))
        (call $write-all (local.get $output) (local.get $from) (local.get $to) (local.get $answer))
        (br $again)))
      ;; The end of the file is the case `closed`.
      (if (i32.ne (i32.load8_u offset=4 (local.get $answer)) (i32.const 1)) (then unreachable))
      (call $drop-input (local.get $input))
      (call $drop-output (local.get $output)))

    (func $thread (type $start) (param $number i32)
      (local $answer i32)
      (local.set $answer (i32.add (i32.const 1024) (i32.mul (local.get $number) (i32.const 64))))
      (block $done (loop $again
        (call $next (i32.load (i32.const 12)) (local.get $answer))
        (if (i32.load8_u (local.get $answer)) (then unreachable))
        (br_if $done (i32.eqz (i32.load8_u offset=4 (local.get $answer))))
        (call $copy (i32.load offset=12 (local.get $answer)) (i32.load offset=16 (local.get $answer)) (local.get $answer))
        (br $again)))
      (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 8) (i32.const 1))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $thread))

    (func (export "run") (result i32)
      (local $seen i32) (local $directories i32)
      (call $get-directories (i32.const 1024))
      (if (i32.ne (i32.load offset=4 (i32.const 1024)) (i32.const 2)) (then (return (i32.const 1))))
      (local.set $directories (i32.load (i32.const 1024)))
      (i32.store (i32.const 16) (i32.load (local.get $directories)))
      (i32.store (i32.const 20) (i32.load offset=12 (local.get $directories)))
      (call $list (i32.load (i32.const 16)) (i32.const 1024))
      (i32.store (i32.const 12) (call $handle (i32.const 1024)))
      (loop $next
        (drop (call $spawn (i32.const 0) (local.get $seen)))
        (local.set $seen (i32.add (local.get $seen) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $seen) (i32.const 8))))
      (loop $again
        (local.set $seen (i32.atomic.load (i32.const 8)))
        (if (i32.ne (local.get $seen) (i32.const 8)) (then
          (drop (memory.atomic.wait32 (i32.const 8) (local.get $seen) (i64.const -1)))
          (br $again))))
      (call $drop-entries (i32.load (i32.const 12)))
      (i32.const 0)))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "host" (instance (export "spawn" (func $spawn))))
    (with "wasi" (instance
      (export "get-directories" (func $get-directories))
      (export "list" (func $list))
      (export "next" (func $next))
      (export "open" (func $open))
      (export "reader" (func $reader))
      (export "writer" (func $writer))
      (export "read" (func $read))
      (export "write" (func $write))
      (export "drop-descriptor" (func $drop-descriptor))
      (export "drop-input" (func $drop-input))
      (export "drop-output" (func $drop-output))
      (export "drop-entries" (func $drop-entries))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $command)))
