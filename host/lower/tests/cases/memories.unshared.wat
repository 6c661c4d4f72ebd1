(component
  (core module $memories (;0;)
    (type (;0;) (func (result i32)))
    (memory (;0;) 1 2)
    (memory $own (;1;) 3)
    (memory (;2;) i64 2 4)
    (export "a" (memory 0))
    (export "own" (memory $own))
    (export "b" (memory 2))
    (export "f" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 0
      i32.load $own
    )
  )
  (core instance $memories (;0;) (instantiate $memories))
  (core module $m (;1;)
    (type (;0;) (func (result i32)))
    (import "m" "b" (memory $b (;0;) i64 1 4))
    (import "m" "own" (memory $imported (;1;) 1))
    (memory $own1 (;2;) 1)
    (memory $c (;3;) 1 1)
    (memory $own2 (;4;) 2 3)
    (memory $d (;5;) i64 0 9)
    (export "c" (memory $c))
    (export "own2" (memory $own2))
    (export "f" (func 0))
    (func (;0;) (type 0) (result i32)
      i64.const 0
      i32.const 1
      i32.atomic.store
      i32.const 0
      i32.const 2
      i32.store $imported
      i32.const 0
      i32.const 3
      i32.store8 $own1
      i32.const 0
      i64.const 4
      i64.atomic.store32 $c offset=4
      i32.const 0
      v128.const i32x4 0x00000005 0x00000000 0x00000005 0x00000000
      v128.store $own2
      i32.const 0
      i64.const 0
      i32.const 6
      memory.copy $own1 $b
      i64.const 0
      i32.const 7
      i64.const 8
      memory.fill $d
      i64.const 1
      memory.grow $d
      drop
      memory.size $own2
      memory.size $c
      i32.add
    )
  )
  (core instance $m (;1;) (instantiate $m
      (with "m" (instance $memories))
    )
  )
  (core module $last (;2;)
    (type (;0;) (func (result i32)))
    (import "m" "c" (memory (;0;) 1 1))
    (import "m" "own2" (memory (;1;) 2))
    (export "f" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 0
      i32.load
      i32.load 1
    )
  )
  (core instance $last (;2;) (instantiate $last
      (with "m" (instance $m))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $m "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (type (;1;) (func (result u32)))
  (alias core export $last "f" (core func (;1;)))
  (func (;1;) (type 1) (canon lift (core func 1)))
  (export (;2;) "f" (func 0))
  (export (;3;) "g" (func 1))
)
