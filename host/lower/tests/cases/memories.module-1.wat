(module $m
  (type (;0;) (func (result i32)))
  (import "m" "b" (memory $b (;0;) i64 1 4 shared))
  (import "m" "own" (memory $imported (;1;) 1))
  (import "weft" "memory" (memory $c (;2;) 1 1 shared))
  (import "weft" "memory" (memory $d (;3;) i64 0 9 shared))
  (memory $own1 (;4;) 1)
  (memory $own2 (;5;) 2 3)
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
