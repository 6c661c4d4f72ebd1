(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (import "weft" "thread.index" (func (;0;) (type 2)))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (export "weft:context-i32-1" (global 1))
  (export "0:1" (func 1))
  (export "1:1" (func 2))
  (export "2:1" (func 3))
  (export "weft:initialize" (func $weft:initialize))
  (func (;1;) (type 0) (param i32)
    local.get 0
    global.set 1
  )
  (func (;2;) (type 1) (result i32)
    global.get 0
  )
  (func (;3;) (type 2) (result i32)
    call 0
  )
  (func $weft:initialize (;4;) (type 3))
)
