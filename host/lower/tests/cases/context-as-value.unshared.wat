(component
  (core func $get0 (;0;) (canon context.get i32 0))
  (core func $set1 (;1;) (canon context.set i32 1))
  (core module $m (;0;)
    (type $read (;0;) (func (result i32)))
    (type $write (;1;) (func (param i32)))
    (type (;2;) (func (param i32) (result i32)))
    (import "c" "get" (func $get (;0;) (type $read)))
    (import "c" "set" (func $set (;1;) (type $write)))
    (table $functions (;0;) 4 4 funcref ref.func $set)
    (global $reference (;0;) funcref ref.func $get)
    (export "functions" (table $functions))
    (export "get" (func $get))
    (export "set" (func $set))
    (export "own" (func $own))
    (export "f" (func 3))
    (elem (;0;) (table $functions) (i32.const 1) funcref (ref.func $own) (ref.func $get))
    (func $own (;2;) (type $read) (result i32)
      return_call $get
    )
    (func (;3;) (type 2) (param $x i32) (result i32)
      local.get $x
      call $set
      local.get $x
      ref.func $set
      call_ref $write
      ref.func $get
      call_ref $read
    )
  )
  (core instance (;0;)
    (export "get" (func $get0))
    (export "set" (func $set1))
  )
  (core instance $i (;1;) (instantiate $m
      (with "c" (instance 0))
    )
  )
  (core module $uses (;1;)
    (type $read (;0;) (func (result i32)))
    (import "m" "get" (func $get (;0;) (type $read)))
    (export "f" (func 1))
    (func (;1;) (type $read) (result i32)
      call $get
    )
  )
  (core instance $u (;2;) (instantiate $uses
      (with "m" (instance $i))
    )
  )
  (type (;0;) (func (param "x" u32) (result u32)))
  (alias core export $i "f" (core func (;2;)))
  (func (;0;) (type 0) (canon lift (core func 2)))
  (type (;1;) (func (result u32)))
  (alias core export $u "f" (core func (;3;)))
  (func (;1;) (type 1) (canon lift (core func 3)))
  (type (;2;) (func (result u32)))
  (alias core export $i "get" (core func (;4;)))
  (func (;2;) (type 2) (canon lift (core func 4)))
  (export (;3;) "f" (func 0))
  (export (;4;) "g" (func 1))
  (export (;5;) "get" (func 2))
)
