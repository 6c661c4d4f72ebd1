(component
  (core module $main (;0;)
    (type (;0;) (func (result i32)))
    (table $imported (;0;) 3 externref)
    (table $own (;1;) 1 funcref)
    (memory $memory (;0;) 1 1 shared)
    (memory $second (;1;) 2)
    (export "size" (func 0))
    (export "weft:export size" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 0
      i32.const 1
      memory.atomic.notify
      drop
      memory.size $second
      table.size $imported
      i32.add
    )
  )
  (core instance $main (;0;) (instantiate $main))
  (alias core export $main "size" (core func $size (;0;)))
  (type $size (;0;) (func (result s32)))
  (func $size (;0;) (type $size) (canon lift (core func $size)))
  (export (;1;) "size" (func $size))
)
