(module $own
  (type (;0;) (func))
  (type (;1;) (func))
  (import "weft" "memory" (memory (;0;) 1 1 shared))
  (export "memory" (memory 0))
  (export "init" (func $before))
  (export "weft:initialize" (func 2))
  (func $before (;0;) (type 0)
    nop
  )
  (func $start (;1;) (type 0)
    i32.const 0
    i32.const 66
    i32.store8
  )
  (func (;2;) (type 1)
    i32.const 0
    i32.const 0
    i32.const 25
    memory.init 0
    data.drop 0
    call $start
  )
  (data (;0;) "before the start function")
)
