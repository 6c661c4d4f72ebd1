(module $m
  (type $read (;0;) (func (result i32)))
  (type $unshared (;1;) (func (result i32)))
  (type (;2;) (func (param i32 i32 i32)))
  (type (;3;) (func (param i64 i32 i32)))
  (type (;4;) (func (param i32) (result i32)))
  (type (;5;) (func (param i32)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func))
  (import "b" "base" (global $base (;0;) i32))
  (import "b" "base64" (global $base64 (;1;) i64))
  (import "weft" "memory" (memory $shared (;0;) 1 2 shared))
  (import "weft" "memory" (memory $wide (;1;) i64 1 2 shared))
  (import "weft" "is-segment-dropped" (func (;0;) (type 4)))
  (import "weft" "drop-segment" (func (;1;) (type 5)))
  (import "weft" "context" (global (;2;) (mut i32)))
  (import "weft" "context" (global (;3;) (mut i32)))
  (memory $own (;2;) 1)
  (global $constant (;4;) i32 i32.const 300)
  (export "memory" (memory $shared))
  (export "f" (func 2))
  (export "weft:initialize" (func 4))
  (func (;2;) (type $unshared) (result i32)
    i32.const 0
    i32.const 0
    i32.const 7
    i32.const 1
    call 0
    if (type 2) (param i32 i32 i32) ;; label = @1
      memory.init 7
    else
      memory.init $passive
    end
    i32.const 0
    i32.const 0
    i32.const 7
    i32.const 1
    call 0
    if (type 2) (param i32 i32 i32) ;; label = @1
      memory.init $own 7
    else
      memory.init $own $passive
    end
    i32.const 1
    call 1
    global.get 2
  )
  (func $get (;3;) (type 6) (result i32)
    global.get 2
  )
  (func (;4;) (type 7)
    i32.const 16
    i32.const 0
    i32.const 8
    memory.init $zero
    i32.const 0
    call 1
    global.get $base
    i32.const 0
    i32.const 15
    memory.init $two
    i32.const 3
    call 1
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
    i32.const 4
    call 1
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
    i32.const 5
    call 1
    global.get $constant
    i32.const 0
    i32.const 0
    memory.init $five
    i32.const 6
    call 1
  )
  (data $zero (;0;) "constant")
  (data $passive (;1;) "passive")
  (data $one (;2;) (memory $own) (i32.const 16) "own")
  (data $two (;3;) "imported global")
  (data $three (;4;) "sum")
  (data $four (;5;) "wide")
  (data $five (;6;) "")
  (data (;7;) "")
)
