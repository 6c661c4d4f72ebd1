(module $main
  (type $spawn (;0;) (func (param i32 i32) (result i32)))
  (type $read (;1;) (func (result i32)))
  (type $write (;2;) (func (param i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (param i32)))
  (import "t" "index" (func $index (;0;) (type $read)))
  (import "t" "a1" (func $a1 (;1;) (type $spawn)))
  (import "t" "a2" (func $a2 (;2;) (type $spawn)))
  (import "t" "b2" (func $b2 (;3;) (type $spawn)))
  (import "t" "a2-again" (func $a2-again (;4;) (type $spawn)))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "run" (func 5))
  (export "weft:context-0" (global 0))
  (export "weft:context-1" (global 1))
  (func (;5;) (type $read) (result i32)
    call $index
    global.get 1
    call $a1
    global.set 1
    call $index
    global.get 1
    call $a2
    global.set 1
    call $index
    global.get 1
    call $b2
    global.set 1
    i32.const 0
    i32.const 1
    call $a2-again
  )
  (func $get (;6;) (type 3) (result i32)
    global.get 1
  )
  (func $set (;7;) (type 4) (param i32)
    local.get 0
    global.set 1
  )
)
