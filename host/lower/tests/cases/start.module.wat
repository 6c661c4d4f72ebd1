(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (type (;3;) (func))
  (type (;4;) (func (result i64)))
  (type (;5;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func $before (;0;) (type 0)
    nop
  )
  (func $start (;1;) (type 0)
    i32.const 0
    i32.const 66
    i32.store8
  )
  (func (;2;) (type 2)
    i32.const 1
    global.set 0
  )
  (func $"weft:lift 0" (;3;) (type 4) (result i64)
    call 2
    i64.const 0
  )
  (func $weft:initialize (;4;) (type 5)
    i32.const 0
    i32.const 0
    i32.const 25
    memory.init 0
    call $start
    call $before
  )
  (data (;0;) "before the start function")
)
