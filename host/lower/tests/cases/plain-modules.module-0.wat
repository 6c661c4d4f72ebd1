(module $a
  (type (;0;) (func))
  (type (;1;) (func (result v128)))
  (type (;2;) (func (param i32) (result i32 i64)))
  (table (;0;) 3 3 funcref)
  (memory (;0;) 1)
  (tag (;0;) (type 0))
  (global (;0;) (mut i64) i64.const 1)
  (export "memory" (memory 0))
  (export "global" (global 0))
  (export "tag" (tag 0))
  (export "table" (table 0))
  (export "simd" (func 0))
  (export "multi" (func 1))
  (func (;0;) (type 1) (result v128)
    v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000
    v128.const i32x4 0x00000003 0x00000000 0x00000004 0x00000000
    i8x16.swizzle
  )
  (func (;1;) (type 2) (param i32) (result i32 i64)
    local.get 0
    i64.const 4
  )
)
