;; What weft allows beyond the letter of the specification, unless it is told to be strict (docs/extensions.md).
;;! shared-everything = true

;; A canonical definition at a shared type; a shared function that is lifted.
;;; SETV-22 SETV-23 CTX-21
(component definition $Extended
  (core type $start (shared (func (param i32))))
  (canon thread.spawn-ref shared $start (core func $spawn))
  (canon context.get i32 0 (core func $get))
  (canon context.set i32 0 (core func $set))
  (canon thread.index (core func $index))
  (core module $Main
    (type $start (shared (func (param i32))))
    (type $get (shared (func (result i32))))
    (type $set (shared (func (param i32))))
    (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
    (import "thread" "spawn" (func $spawn (type $spawn)))
    (import "thread" "index" (func $index (type $get)))
    (import "context" "get" (func $get (type $get)))
    (import "context" "set" (func $set (type $set)))
    (memory (export "memory") 1 1 shared)
    (func $writes (type $start) (param $value i32)
      (call $set (local.get $value))
      (i32.store (i32.const 4) (call $get))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (elem declare (ref null $start) (ref.func $writes))
    (func (export "run") (type $get) (result i32)
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (call $spawn (ref.func $writes) (i32.const 6)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (i32.load (i32.const 4)))
    (func (export "index") (type $get) (result i32) (call $index)))
  (core instance $main (instantiate $Main
    (with "thread" (instance (export "spawn" (func $spawn)) (export "index" (func $index))))
    (with "context" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (func (export "run") (result u32) (canon lift (core func $main "run")))
  (func (export "index") (result u32) (canon lift (core func $main "index"))))

(component instance $extended $Extended)
;;; SETV-23 CTX-21
(assert_return (invoke $extended "run") (u32.const 6))
;;; SETV-23
(assert_return (invoke $extended "index") (u32.const 1))

;; Options that name a shared memory.
;;; SETV-22
(component definition
  (core module $Main
    (memory (export "memory") 1 1 shared)
    (func (export "f") (result i32) (i32.const 0)))
  (core instance $main (instantiate $Main))
  (func (export "f") (result string)
    (canon lift (core func $main "f") (memory (core memory $main "memory")))))
