(module $m
  (type $read (;0;) (func (result i32)))
  (type $unshared (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (import "b" "base" (global $base (;0;) i32))
  (import "b" "base64" (global $base64 (;1;) i64))
  (import "weft" "memory" (memory $shared (;0;) 1 2 shared))
  (import "weft" "memory" (memory $wide (;1;) i64 1 2 shared))
  (import "weft" "context" (global (;2;) (mut i32)))
  (import "weft" "context" (global (;3;) (mut i32)))
  (memory $own (;2;) 1)
  (global $constant (;4;) i32 i32.const 300)
  (export "memory" (memory $shared))
  (export "f" (func 0))
  (export "weft:initialize" (func 2))
  (func (;0;) (type $unshared) (result i32)
    i32.const 0
    i32.const 0
    i32.const 7
    memory.init $passive
    i32.const 0
    i32.const 0
    i32.const 7
    memory.init $own $passive
    data.drop $passive
    global.get 2
  )
  (func $get (;1;) (type 2) (result i32)
    global.get 2
  )
  (func (;2;) (type 3)
    i32.const 16
    i32.const 0
    i32.const 8
    memory.init $zero
    data.drop $zero
    global.get $base
    i32.const 0
    i32.const 15
    memory.init $two
    data.drop $two
    global.get $base
    i32.const 4
    i32.const 9
    i32.const 1
    i32.sub
    i32.mul
    i32.add
    i32.const 0
    i32.const 3
    memory.init $three
    data.drop $three
    global.get $base64
    i64.const 4
    i64.const 9
    i64.const 1
    i64.sub
    i64.mul
    i64.add
    i32.const 0
    i32.const 4
    memory.init $wide $four
    data.drop $four
    global.get $constant
    i32.const 0
    i32.const 0
    memory.init $five
    data.drop $five
  )
  (data $zero (;0;) "constant")
  (data $passive (;1;) "passive")
  (data $one (;2;) (memory $own) (i32.const 16) "own")
  (data $two (;3;) "imported global")
  (data $three (;4;) "sum")
  (data $four (;5;) "wide")
  (data $five (;6;) "")
)
