(component
  (core module $host (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32)))
    (global (;0;) i32 i32.const 11)
    (export "a" (func 0))
    (export "b" (func 1))
    (export "g" (global 0))
    (func (;0;) (type 0) (result i32)
      i32.const 10
    )
    (func (;1;) (type 1) (param i32))
  )
  (core instance $host (;0;) (instantiate $host))
  (core func $get0 (;0;) (canon context.get i32 0))
  (core func $set0 (;1;) (canon context.set i32 0))
  (core func $get1 (;2;) (canon context.get i32 1))
  (core func $set1 (;3;) (canon context.set i32 1))
  (core module $m (;1;)
    (type $read (;0;) (func (result i32)))
    (type $write (;1;) (func (param i32)))
    (type $unshared (;2;) (func (result i32)))
    (type $unshared-write (;3;) (func (param i32)))
    (import "c" "get0" (func $get0 (;0;) (type $read)))
    (import "host" "a" (func $a (;1;) (type $unshared)))
    (import "host" "g" (global $g (;0;) i32))
    (import "c" "set1" (func $set1 (;2;) (type $write)))
    (import "c" "get1" (func $get1 (;3;) (type $read)))
    (import "host" "b" (func $b (;4;) (type $unshared-write)))
    (import "c" "set0" (func $set0 (;5;) (type $write)))
    (global $own (;1;) (mut i32) i32.const 12)
    (export "f" (func 7))
    (func $defined (;6;) (type $unshared) (result i32)
      global.get $own
    )
    (func (;7;) (type $unshared) (result i32)
      call $a
      call $set0
      global.get $g
      call $set1
      call $get1
      call $b
      call $get0
      global.set $own
      call $defined
    )
  )
  (core instance (;1;)
    (export "get0" (func $get0))
    (export "set0" (func $set0))
    (export "get1" (func $get1))
    (export "set1" (func $set1))
  )
  (core instance $i (;2;) (instantiate $m
      (with "host" (instance $host))
      (with "c" (instance 1))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $i "f" (core func (;4;)))
  (func (;0;) (type 0) (canon lift (core func 4)))
  (export (;1;) "f" (func 0))
)
