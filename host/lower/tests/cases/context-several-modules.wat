;; The first module that uses a slot defines both. Those behind it import both, in front of their own globals. A module
;; in between that uses none is left alone.
(component
  (core func $get0 (canon context.get i32 0))
  (core func $set0 (canon context.set i32 0))
  (core func $get1 (canon context.get i32 1))
  (core module $none
    (global (export "g") i32 (i32.const 5))
    (func (export "f") (result i32) (i32.const 1)))
  (core module $first
    (type $read (shared (func (result i32))))
    (type $unshared (func (result i32)))
    (import "c" "get1" (func $get1 (type $read)))
    (func (export "f") (type $unshared) (call $get1)))
  (core module $second
    (type $read (shared (func (result i32))))
    (type $write (shared (func (param i32))))
    (type $unshared (func (result i32)))
    (import "first" "f" (func $f (type $unshared)))
    (import "c" "set0" (func $set0 (type $write)))
    (import "none" "g" (global $g i32))
    (import "c" "get0" (func $get0 (type $read)))
    (global $own (mut i32) (global.get $g))
    (global (export "derived") i32 (global.get $g))
    (func (export "f") (type $unshared)
      (call $set0 (i32.add (global.get $own) (global.get $g)))
      (global.set $own (call $f))
      (call $get0)))
  (core instance $none (instantiate $none))
  (core instance $first (instantiate $first (with "c" (instance (export "get1" (func $get1))))))
  (core instance $none-again (instantiate $none))
  (core instance $second (instantiate $second
    (with "first" (instance $first))
    (with "none" (instance $none-again))
    (with "c" (instance (export "get0" (func $get0)) (export "set0" (func $set0))))))
  (core instance $second-again (instantiate $second
    (with "first" (instance $second))
    (with "none" (instance $none))
    (with "c" (instance (export "get0" (func $get0)) (export "set0" (func $set0))))))
  (func (export "f") (result u32) (canon lift (core func $second "f")))
  (func (export "g") (result u32) (canon lift (core func $second-again "f"))))
