;; Tags, imported, defined and exported, and what throws and catches them, in modules that use threads as well.
(component
  (core module $define
    (tag (export "tag") (param i32)))
  (core instance $define (instantiate $define))
  (core func $set (canon context.set i32 0))
  (core module $m
    (type $write (shared (func (param i32))))
    (type $payload (func (param i32)))
    (import "c" "set" (func $set (type $write)))
    (import "d" "tag" (tag $imported (type $payload)))
    (memory 1 1 shared)
    (tag $own (export "own") (param i64))
    (func (export "f") (result i32)
      (block $caught (result i32)
        (try_table (catch $imported $caught)
          (call $set (i32.const 1))
          (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
          (throw $imported (i32.const 7)))
        (throw $own (i64.const 8)))))
  (core instance $m (instantiate $m
    (with "c" (instance (export "set" (func $set))))
    (with "d" (instance $define))))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
