(component
  (core module $m (;0;)
    (type (;0;) (func (result i32)))
    (memory $own (;0;) 1)
    (memory $shared (;1;) 1 2)
    (memory $wide (;2;) i64 1 2)
    (memory $last (;3;) 1 2)
    (export "f" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 8
      i32.const 1
      memory.atomic.notify offset=4
      drop
      i32.const 8
      i32.const 1
      memory.atomic.notify $shared offset=4
      drop
      i64.const 8
      i32.const 1
      memory.atomic.notify $wide offset=4294967296
      drop
      i32.const 8
      i32.const 1
      i64.const -1
      memory.atomic.wait32
      drop
      i32.const 8
      i32.const 1
      i64.const -1
      memory.atomic.wait32 $shared offset=4294967292
      drop
      i64.const 8
      i32.const 1
      i64.const -1
      memory.atomic.wait32 $wide
      drop
      i32.const 8
      i64.const 1
      i64.const -1
      memory.atomic.wait64 offset=8
      drop
      i32.const 8
      i64.const 1
      i64.const -1
      memory.atomic.wait64 $shared offset=8
      drop
      i32.const 8
      i64.const 1
      i64.const -1
      memory.atomic.wait64 $last
      drop
      i64.const 8
      i64.const 1
      i64.const 0
      memory.atomic.wait64 $wide offset=16
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (result u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
