(module $imported
  (type $write (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32)))
  (type (;3;) (func))
  (import "own" "init" (func $init (;0;) (type 1)))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "f" (func 1))
  (export "weft:context-0" (global 0))
  (export "weft:context-1" (global 1))
  (export "weft:initialize" (func 3))
  (func (;1;) (type 1)
    i32.const 1
    global.set 0
  )
  (func $set (;2;) (type 2) (param i32)
    local.get 0
    global.set 0
  )
  (func (;3;) (type 3)
    call $init
  )
)
