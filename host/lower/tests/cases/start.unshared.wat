(component
  (core module $own (;0;)
    (type (;0;) (func))
    (memory (;0;) 1 1)
    (export "memory" (memory 0))
    (export "init" (func $before))
    (start $start)
    (func $before (;0;) (type 0)
      nop
    )
    (func $start (;1;) (type 0)
      i32.const 0
      i32.const 66
      i32.store8
    )
    (data (;0;) (i32.const 0) "before the start function")
  )
  (core instance $own (;0;) (instantiate $own))
  (core func $set (;0;) (canon context.set i32 0))
  (core module $imported (;1;)
    (type $write (;0;) (func (param i32)))
    (type (;1;) (func))
    (import "c" "set" (func $set (;0;) (type $write)))
    (import "own" "init" (func $init (;1;) (type 1)))
    (export "f" (func 2))
    (start $init)
    (func (;2;) (type 1)
      i32.const 1
      call $set
    )
  )
  (core instance (;1;)
    (export "set" (func $set))
  )
  (core instance $imported (;2;) (instantiate $imported
      (with "own" (instance $own))
      (with "c" (instance 1))
    )
  )
  (type (;0;) (func))
  (alias core export $imported "f" (core func (;1;)))
  (func (;0;) (type 0) (canon lift (core func 1)))
  (export (;1;) "f" (func 0))
)
