(module $second
  (type $read (;0;) (func (result i32)))
  (type $write (;1;) (func (param i32)))
  (type $unshared (;2;) (func (result i32)))
  (type (;3;) (func (param i32)))
  (type (;4;) (func (result i32)))
  (import "first" "f" (func $f (;0;) (type $unshared)))
  (import "none" "g" (global $g (;0;) i32))
  (import "weft" "context" (global (;1;) (mut i32)))
  (import "weft" "context" (global (;2;) (mut i32)))
  (global $own (;3;) (mut i32) global.get $g)
  (global (;4;) i32 global.get $g)
  (export "derived" (global 4))
  (export "f" (func 1))
  (func (;1;) (type $unshared) (result i32)
    global.get $own
    global.get $g
    i32.add
    global.set 1
    call $f
    global.set $own
    global.get 1
  )
  (func $set0 (;2;) (type 3) (param i32)
    local.get 0
    global.set 1
  )
  (func $get0 (;3;) (type 4) (result i32)
    global.get 1
  )
)
