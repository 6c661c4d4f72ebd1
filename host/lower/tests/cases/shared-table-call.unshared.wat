(component
  (core module $m (;0;)
    (type $run (;0;) (func (result i32)))
    (type $grow (;1;) (func))
    (table $fixed (;0;) 2 2 funcref)
    (table $grown (;1;) 1 8 funcref)
    (export "write" (func $write))
    (export "call" (func 2))
    (export "tail" (func 3))
    (elem (;0;) (table $fixed) (i32.const 0) funcref (ref.func $one))
    (func $one (;0;) (type $run) (result i32)
      i32.const 1
    )
    (func $write (;1;) (type $grow)
      i32.const 1
      i32.const 0
      table.get $grown
      table.set $fixed
      ref.func $one
      i32.const 1
      table.grow $grown
      drop
    )
    (func (;2;) (type $run) (result i32)
      i32.const 0
      call_indirect (type $run)
      i32.const 1
      call_indirect $grown (type $run)
      i32.add
    )
    (func (;3;) (type $run) (result i32)
      i32.const 1
      return_call_indirect (type $run)
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (result s32)))
  (alias core export $i "call" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "call" (func 0))
)
