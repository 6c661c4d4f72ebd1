(module $m
  (type $read (;0;) (func (result i32)))
  (type $write (;1;) (func (param i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (param i32)))
  (table $functions (;0;) 4 4 funcref ref.func $set)
  (global $reference (;0;) funcref ref.func $get)
  (global (;1;) (mut i32) i32.const 0)
  (global (;2;) (mut i32) i32.const 0)
  (export "functions" (table $functions))
  (export "get" (func $get))
  (export "set" (func $set))
  (export "own" (func $own))
  (export "f" (func 1))
  (export "weft:context-0" (global 1))
  (export "weft:context-1" (global 2))
  (elem (;0;) (table $functions) (i32.const 1) funcref (ref.func $own) (ref.func $get))
  (func $own (;0;) (type $read) (result i32)
    return_call $get
  )
  (func (;1;) (type 2) (param $x i32) (result i32)
    local.get $x
    global.set 2
    local.get $x
    ref.func $set
    call_ref $write
    ref.func $get
    call_ref $read
  )
  (func $get (;2;) (type 3) (result i32)
    global.get 1
  )
  (func $set (;3;) (type 4) (param i32)
    local.get 0
    global.set 2
  )
)
