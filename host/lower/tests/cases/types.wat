;; Recursion groups count as many types as they hold: the types that the run-time form adds come behind all of them.
(component
  (core func $get (canon context.get i32 0))
  (core func $set (canon context.set i32 0))
  (core module $m
    (rec
      (type $a (shared (func (param (ref null $b)))))
      (type $b (shared (func (param (ref null $a)) (result i32)))))
    (type $read (shared (func (result i32))))
    (rec
      (type $open (sub (func (param i32) (result i32))))
      (type $narrow (sub $open (func (param i32) (result i32))))
      (type $final (sub final $narrow (func (param i32) (result i32)))))
    (rec)
    (type $unshared (func (result i32)))
    (type $write (shared (func (param i32))))
    (import "c" "get" (func $get (type $read)))
    (import "c" "set" (func $set (type $write)))
    (memory 1 1 shared)
    (table $t shared 1 1 (ref null (shared func)) (ref.func $f))
    (func $f (type $b) (memory.atomic.notify (i32.const 0) (i32.const 1)))
    (func $g (type $final) (call $set (local.get 0)) (call_ref $b (ref.null $a) (ref.func $f)))
    (elem declare func $f $g)
    (func (export "f") (type $unshared)
      (block (result i32) (call_ref $narrow (call $get) (ref.cast (ref $narrow) (ref.func $g))))))
  (core instance $i (instantiate $m (with "c" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
