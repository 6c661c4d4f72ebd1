;; A command of WASI 0.3 that opens the file `proc/self/environ` in its first directory; or, if it has two arguments, reads the
;; link `proc/self`; or, if it has more, asks for the file's metadata. It ends with 100 and the number of the error, or with 0.
(component
  (import "wasi:cli/exit@0.3.0" (instance $exit (export "exit-with-code" (func (param "status-code" u8)))))
  (import "wasi:cli/environment@0.3.0" (instance $environment (export "get-arguments" (func (result (list string))))))
  (import "wasi:filesystem/types@0.3.0" (instance $files
    (export "descriptor" (type $descriptor (sub resource)))
    (type $any-error-code (variant
      (case "access") (case "already") (case "bad-descriptor") (case "busy") (case "deadlock") (case "quota") (case "exist")
      (case "file-too-large") (case "illegal-byte-sequence") (case "in-progress") (case "interrupted") (case "invalid")
      (case "io") (case "is-directory") (case "loop") (case "too-many-links") (case "message-size") (case "name-too-long")
      (case "no-device") (case "no-entry") (case "no-lock") (case "insufficient-memory") (case "insufficient-space")
      (case "not-directory") (case "not-empty") (case "not-recoverable") (case "unsupported") (case "no-tty")
      (case "no-such-device") (case "overflow") (case "not-permitted") (case "pipe") (case "read-only")
      (case "invalid-seek") (case "text-file-busy") (case "cross-device") (case "other" (option string))))
    (export "error-code" (type $error-code (eq $any-error-code)))
    (type $any-descriptor-flags (flags
      "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync" "mutate-directory"))
    (export "descriptor-flags" (type $descriptor-flags (eq $any-descriptor-flags)))
    (type $any-path-flags (flags "symlink-follow"))
    (export "path-flags" (type $path-flags (eq $any-path-flags)))
    (type $any-open-flags (flags "create" "directory" "exclusive" "truncate"))
    (export "open-flags" (type $open-flags (eq $any-open-flags)))
    (export "[method]descriptor.open-at" (func async
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))))
    (export "[method]descriptor.readlink-at" (func async
      (param "self" (borrow $descriptor)) (param "path" string) (result (result string (error $error-code)))))
    (type $any-hash (record (field "lower" u64) (field "upper" u64)))
    (export "metadata-hash-value" (type $hash (eq $any-hash)))
    (export "[method]descriptor.metadata-hash-at" (func async
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (result (result $hash (error $error-code)))))))
  (alias export $files "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.3.0" (instance $preopens
    (alias outer 1 $descriptor (type $descriptor))
    (export "descriptor" (type $opened (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $opened) string)))))))
  (core module $Memory
    (memory (export "memory") 2)
    (global $end (mut i32) (i32.const 4096))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $new i32)
      (local.set $new (i32.and (i32.add (global.get $end) (i32.const 7)) (i32.const -8)))
      (global.set $end (i32.add (local.get $new) (local.get $size)))
      (local.get $new)))
  (core instance $memory (instantiate $Memory))
  (alias core export $memory "memory" (core memory $memory))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $exit (canon lower (func $exit "exit-with-code")))
  (core func $arguments (canon lower (func $environment "get-arguments") (memory $memory) (realloc $realloc)))
  (core func $directories (canon lower (func $preopens "get-directories") (memory $memory) (realloc $realloc)))
  (core func $open (canon lower (func $files "[method]descriptor.open-at") (memory $memory) (realloc $realloc)))
  (core func $read-link (canon lower (func $files "[method]descriptor.readlink-at") (memory $memory) (realloc $realloc)))
  (core func $hash (canon lower (func $files "[method]descriptor.metadata-hash-at") (memory $memory) (realloc $realloc)))
  (core module $Main
    (import "memory" "memory" (memory 2))
    (import "wasi" "exit" (func $exit (param i32)))
    (import "wasi" "arguments" (func $arguments (param i32)))
    (import "wasi" "directories" (func $directories (param i32)))
    (import "wasi" "open" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi" "read-link" (func $read-link (param i32 i32 i32 i32)))
    (import "wasi" "hash" (func $hash (param i32 i32 i32 i32 i32)))
    (data (i32.const 1024) "proc/self/environ")
    (data (i32.const 1056) "proc/self")
    (func (export "run")
      (local $directory i32)
      (call $arguments (i32.const 0))
      (call $directories (i32.const 8))
      (local.set $directory (i32.load (i32.load (i32.const 8))))
      (block $done
        (if (i32.eq (i32.load (i32.const 4)) (i32.const 2)) (then
          (call $read-link (local.get $directory) (i32.const 1056) (i32.const 9) (i32.const 16))
          (br $done)))
        (if (i32.gt_u (i32.load (i32.const 4)) (i32.const 2)) (then
          (call $hash (local.get $directory) (i32.const 0) (i32.const 1024) (i32.const 17) (i32.const 16))
          ;; The error is where the record would be.
          (i32.store8 (i32.const 20) (i32.load8_u (i32.const 24)))
          (br $done)))
        (call $open
          (local.get $directory) (i32.const 0) (i32.const 1024) (i32.const 17) (i32.const 0) (i32.const 1) (i32.const 16)))
      (if (i32.load8_u (i32.const 16))
        (then (call $exit (i32.add (i32.const 100) (i32.load8_u (i32.const 20))))))
      (call $exit (i32.const 0))))
  (core instance $main (instantiate $Main
    (with "memory" (instance $memory))
    (with "wasi" (instance
      (export "exit" (func $exit))
      (export "arguments" (func $arguments))
      (export "directories" (func $directories))
      (export "open" (func $open))
      (export "read-link" (func $read-link))
      (export "hash" (func $hash))))))
  (func $run async (result (result)) (canon lift (core func $main "run") async))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.3.0" (instance $run)))
