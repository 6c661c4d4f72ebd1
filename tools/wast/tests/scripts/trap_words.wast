;; Words for traps that Wasmtime, newer versions of it and the specification's scripts differ in.

(component
  (core module $m
    (tag $t)
    (func (export "run") (throw $t)))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))
(assert_trap (invoke "run") "uncaught exception propagated out of component")

(component
  (core module $m
    (tag $t)
    (func (export "run") (throw $t)))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))
(assert_trap (invoke "run") "thrown Wasm exception")

(component
  (component $callee
    (core module $m
      (tag $t)
      (func (export "run") (throw $t)))
    (core instance $i (instantiate $m))
    (func (export "run") (canon lift (core func $i "run"))))
  (instance $callee (instantiate $callee))
  (component $caller
    (import "run" (func $run))
    (core func $run (canon lower (func $run)))
    (core module $m
      (import "" "run" (func $run))
      (func (export "run") (block $caught (try_table (catch_all $caught) (call $run)))))
    (core instance $i (instantiate $m (with "" (instance (export "run" (func $run))))))
    (func (export "run") (canon lift (core func $i "run"))))
  (instance $caller (instantiate $caller (with "run" (func $callee "run"))))
  (export "run" (func $caller "run")))
(assert_trap (invoke "run") "uncaught exception propagated out of component")

(component definition $streams
  (type $stream (stream u8))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $new (canon stream.new $stream))
  (core func $read (canon stream.read $stream async (memory $memory "memory")))
  (core func $write (canon stream.write $stream async (memory $memory "memory")))
  (core func $drop-readable (canon stream.drop-readable $stream))
  (core func $drop-writable (canon stream.drop-writable $stream))
  (core module $m
    (import "" "new" (func $new (result i64)))
    (import "" "read" (func $read (param i32 i32 i32) (result i32)))
    (import "" "write" (func $write (param i32 i32 i32) (result i32)))
    (import "" "drop-readable" (func $drop-readable (param i32)))
    (import "" "drop-writable" (func $drop-writable (param i32)))
    (func $readable (param $stream i64) (result i32) (i32.wrap_i64 (local.get $stream)))
    (func $writable (param $stream i64) (result i32)
      (i32.wrap_i64 (i64.shr_u (local.get $stream) (i64.const 32))))
    (func (export "write") (local $stream i64)
      (local.set $stream (call $new))
      (call $drop-readable (call $readable (local.get $stream)))
      (drop (call $write (call $writable (local.get $stream)) (i32.const 0) (i32.const 1)))
      (drop (call $write (call $writable (local.get $stream)) (i32.const 0) (i32.const 1))))
    (func (export "read") (local $stream i64)
      (local.set $stream (call $new))
      (call $drop-writable (call $writable (local.get $stream)))
      (drop (call $read (call $readable (local.get $stream)) (i32.const 0) (i32.const 1)))
      (drop (call $read (call $readable (local.get $stream)) (i32.const 0) (i32.const 1)))))
  (core instance $i (instantiate $m (with "" (instance
    (export "new" (func $new))
    (export "read" (func $read))
    (export "write" (func $write))
    (export "drop-readable" (func $drop-readable))
    (export "drop-writable" (func $drop-writable))))))
  (func (export "write") (canon lift (core func $i "write")))
  (func (export "read") (canon lift (core func $i "read"))))
(component instance $write $streams)
(assert_trap (invoke "write") "cannot write to stream after being notified that the readable end dropped")
(component instance $read $streams)
(assert_trap (invoke "read") "cannot read from stream after being notified that the writable end dropped")

(module
  (tag $t)
  (func (export "throw") (throw $t)))
(assert_exception (invoke "throw"))
(assert_trap (invoke "throw") "thrown Wasm exception")
