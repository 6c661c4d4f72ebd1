;; Both slots, read and written by one module: it defines them, behind its own globals. The functions between the
;; accesses, and the functions and globals of the module, keep their meaning although indices move.
(component
  (core module $host
    (func (export "a") (result i32) (i32.const 10))
    (func (export "b") (param i32))
    (global (export "g") i32 (i32.const 11)))
  (core instance $host (instantiate $host))
  (core func $get0 (canon context.get i32 0))
  (core func $set0 (canon context.set i32 0))
  (core func $get1 (canon context.get i32 1))
  (core func $set1 (canon context.set i32 1))
  (core module $m
    (type $read (shared (func (result i32))))
    (type $write (shared (func (param i32))))
    (type $unshared (func (result i32)))
    (type $unshared-write (func (param i32)))
    (import "c" "get0" (func $get0 (type $read)))
    (import "host" "a" (func $a (type $unshared)))
    (import "host" "g" (global $g i32))
    (import "c" "set1" (func $set1 (type $write)))
    (import "c" "get1" (func $get1 (type $read)))
    (import "host" "b" (func $b (type $unshared-write)))
    (import "c" "set0" (func $set0 (type $write)))
    (global $own (mut i32) (i32.const 12))
    (func $defined (type $unshared) (global.get $own))
    (func (export "f") (type $unshared)
      (call $set0 (call $a))
      (call $set1 (global.get $g))
      (call $b (call $get1))
      (global.set $own (call $get0))
      (call $defined)))
  (core instance $i (instantiate $m
    (with "host" (instance $host))
    (with "c" (instance
      (export "get0" (func $get0)) (export "set0" (func $set0))
      (export "get1" (func $get1)) (export "set1" (func $set1))))))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
