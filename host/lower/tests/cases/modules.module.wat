(module
  (type (;0;) (func))
  (type (;1;) (func (result v128)))
  (type (;2;) (func (param i32) (result i32 i64)))
  (rec
    (type (;3;) (struct (field (mut (ref null 3))) (field i32)))
    (type (;4;) (array (mut (ref null 3))))
  )
  (type (;5;) (func (result v128)))
  (type (;6;) (func (param i32) (result i32 i64)))
  (type (;7;) (func))
  (type (;8;) (func (param i32) (result i32)))
  (type (;9;) (func (result i32)))
  (type (;10;) (func (result i32)))
  (type (;11;) (func (result i64)))
  (type (;12;) (func))
  (table (;0;) 3 3 funcref)
  (memory (;0;) 1)
  (memory (;1;) 1 1)
  (tag (;0;) (type 0))
  (global (;0;) (mut i64) i64.const 1)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) (table 0) (i32.const 0) func $tail $simd)
  (func $simd (;0;) (type 1) (result v128)
    v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000
    v128.const i32x4 0x00000003 0x00000000 0x00000004 0x00000000
    i8x16.swizzle
  )
  (func $multi (;1;) (type 2) (param i32) (result i32 i64)
    local.get 0
    i64.const 4
  )
  (func $tail (;2;) (type 8) (param i32) (result i32)
    local.get 0
    return_call $list
  )
  (func $list (;3;) (type 8) (param i32) (result i32)
    ref.null 3
    local.get 0
    struct.new 3
    struct.get 3 1
  )
  (func (;4;) (type 9) (result i32)
    block ;; label = @1
      try_table (catch_all 0 (;@1;)) ;; label = @2
        throw 0
      end
    end
    global.get 0
    i64.const 1
    i64.add
    global.set 0
    i32.const 0
    call $simd
    v128.store 1
    i32.const 0
    i32.const 0
    i32.const 16
    memory.copy 0 1
    i32.const 8
    i32.const 2
    array.new_default 4
    array.len
    i64.extend_i32_s
    i64.atomic.store
    i32.const 0
    i32.const 1
    memory.atomic.notify
    drop
    i32.const 0
    call $multi
    i32.const 0
    i64.const 8
    i64.store
    drop
    drop
    i32.const 1
    call $tail
  )
  (func $"weft:lift 0" (;5;) (type 11) (result i64)
    call 4
    i64.extend_i32_u
  )
  (func $weft:initialize (;6;) (type 12))
  (data (;0;) "unused")
)
