;; Active segments of shared memories are copied by what runs once, in their order, and then dropped. All other segments
;; stay as they are, so the indices of segments do not move.
(component
  (core module $base
    (global (export "base") (shared i32) (i32.const 100))
    (global (export "base64") (shared i64) (i64.const 200)))
  (core instance $base (instantiate $base))
  (core func $get0 (canon context.get i32 0))
  (core module $first
    (type $read (shared (func (result i32))))
    (import "c" "get" (func $get (type $read)))
    (func (export "f") (result i32) (call $get)))
  (core instance $first (instantiate $first (with "c" (instance (export "get" (func $get0))))))
  (core module $m
    (type $read (shared (func (result i32))))
    (type $unshared (func (result i32)))
    (import "c" "get" (func $get (type $read)))
    (import "b" "base" (global $base (shared i32)))
    (import "b" "base64" (global $base64 (shared i64)))
    (memory $own 1)
    (memory $shared (export "memory") 1 2 shared)
    (memory $wide i64 1 2 shared)
    (global $constant i32 (i32.const 300))
    (data $zero (memory $shared) (i32.const 16) "constant")
    (data $passive "passive")
    (data $one (memory $own) (i32.const 16) "own")
    (data $two (memory $shared) (global.get $base) "imported global")
    (data $three (memory $shared) (i32.add (global.get $base) (i32.mul (i32.const 4) (i32.sub (i32.const 9) (i32.const 1)))) "sum")
    (data $four (memory $wide) (i64.add (global.get $base64) (i64.mul (i64.const 4) (i64.sub (i64.const 9) (i64.const 1)))) "wide")
    (data $five (memory $shared) (global.get $constant) "")
    (func (export "f") (type $unshared)
      (memory.init $shared $passive (i32.const 0) (i32.const 0) (i32.const 7))
      (memory.init $own $passive (i32.const 0) (i32.const 0) (i32.const 7))
      (data.drop $passive)
      (call $get)))
  (core instance $m (instantiate $m
    (with "b" (instance $base))
    (with "c" (instance (export "get" (func $get0))))))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
