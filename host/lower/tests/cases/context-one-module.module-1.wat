(module $m
  (type $read (;0;) (func (result i32)))
  (type $write (;1;) (func (param i32)))
  (type $unshared (;2;) (func (result i32)))
  (type $unshared-write (;3;) (func (param i32)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func (param i32)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (param i32)))
  (import "host" "a" (func $a (;0;) (type $unshared)))
  (import "host" "g" (global $g (;0;) i32))
  (import "host" "b" (func $b (;1;) (type $unshared-write)))
  (global $own (;1;) (mut i32) i32.const 12)
  (global (;2;) (mut i32) i32.const 0)
  (global (;3;) (mut i32) i32.const 0)
  (export "f" (func 3))
  (export "weft:context-0" (global 2))
  (export "weft:context-1" (global 3))
  (func $defined (;2;) (type $unshared) (result i32)
    global.get $own
  )
  (func (;3;) (type $unshared) (result i32)
    call $a
    global.set 2
    global.get $g
    global.set 3
    global.get 3
    call $b
    global.get 2
    global.set $own
    call $defined
  )
  (func $get0 (;4;) (type 4) (result i32)
    global.get 2
  )
  (func $set1 (;5;) (type 5) (param i32)
    local.get 0
    global.set 3
  )
  (func $get1 (;6;) (type 6) (result i32)
    global.get 3
  )
  (func $set0 (;7;) (type 7) (param i32)
    local.get 0
    global.set 2
  )
)
