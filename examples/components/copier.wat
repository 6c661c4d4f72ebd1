;; A component that imports a resource and functions that wait: it opens two files, waits, copies one to the other, and closes them.
(component
  (import "example:copier/host@1.0.0" (instance $host
    (export "file" (type $file (sub resource)))
    (export "open" (func (param "name" string) (result (own $file))))
    (export "copy" (func (param "from" (borrow $file)) (param "to" (borrow $file)) (result u64)))
    (export "sleep" (func (param "milliseconds" u32)))))
  (alias export $host "file" (type $file))

  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 16) "fromto"))
  (core instance $libc (instantiate $libc))
  (core func $open (canon lower (func $host "open") (memory $libc "memory")))
  (core func $copy (canon lower (func $host "copy")))
  (core func $sleep (canon lower (func $host "sleep")))
  (core func $close (canon resource.drop $file))

  (core module $main
    (import "host" "open" (func $open (param i32 i32) (result i32)))
    (import "host" "copy" (func $copy (param i32 i32) (result i64)))
    (import "host" "sleep" (func $sleep (param i32)))
    (import "host" "close" (func $close (param i32)))
    (func (export "run") (result i64)
      (local $from i32) (local $to i32) (local $copied i64)
      (local.set $from (call $open (i32.const 16) (i32.const 4)))
      (local.set $to (call $open (i32.const 20) (i32.const 2)))
      (call $sleep (i32.const 5))
      (local.set $copied (call $copy (local.get $from) (local.get $to)))
      (call $close (local.get $to))
      (call $close (local.get $from))
      (local.get $copied)))
  (core instance $main (instantiate $main
    (with "host" (instance
      (export "open" (func $open))
      (export "copy" (func $copy))
      (export "sleep" (func $sleep))
      (export "close" (func $close))))))
  (func (export "run") (result u64) (canon lift (core func $main "run"))))
