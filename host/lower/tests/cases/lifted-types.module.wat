(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32 i32 i32 i32 i64 i64 f32 f64 i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i64)))
  (type (;4;) (func (result f32)))
  (type (;5;) (func (result f64)))
  (type (;6;) (func (param i32)))
  (type (;7;) (func (param f64)))
  (type (;8;) (func (param i32 i32)))
  (type (;9;) (func (param i32 i32) (result i32)))
  (type (;10;) (func (param i32) (result i32)))
  (type (;11;) (func (param i32 f32)))
  (type (;12;) (func (param i32 i32 i32 i32)))
  (type (;13;) (func (param i32 i32 i32 i32)))
  (type (;14;) (func (param i64 i64 i64 i64) (result i64)))
  (type (;15;) (func (param i32 i32)))
  (type (;16;) (func (param i64 i64) (result i64)))
  (type (;17;) (func (param i32 f32)))
  (type (;18;) (func (param i64 i64) (result i64)))
  (type (;19;) (func (param i32) (result i32)))
  (type (;20;) (func (param i64) (result i64)))
  (type (;21;) (func (param i32 i32) (result i32)))
  (type (;22;) (func (param i64 i64) (result i64)))
  (type (;23;) (func (param i32)))
  (type (;24;) (func (param i64) (result i64)))
  (type (;25;) (func (result f64)))
  (type (;26;) (func (result i64)))
  (type (;27;) (func (param f64)))
  (type (;28;) (func (param i64) (result i64)))
  (type (;29;) (func (result f32)))
  (type (;30;) (func (result i64)))
  (type (;31;) (func (result i64)))
  (type (;32;) (func (result i64)))
  (type (;33;) (func (result i32)))
  (type (;34;) (func (result i64)))
  (type (;35;) (func (param i32 i32 i32 i32 i32 i32 i32 i64 i64 f32 f64 i32)))
  (type (;36;) (func (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (type (;37;) (func))
  (memory (;0;) 1)
  (export "0:0" (func 0))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:lift 2" (func $"weft:lift 2"))
  (export "weft:lift 3" (func $"weft:lift 3"))
  (export "weft:lift 4" (func $"weft:lift 4"))
  (export "weft:lift 5" (func $"weft:lift 5"))
  (export "weft:lift 6" (func $"weft:lift 6"))
  (export "weft:lift 7" (func $"weft:lift 7"))
  (export "weft:lift 8" (func $"weft:lift 8"))
  (export "weft:lift 9" (func $"weft:lift 9"))
  (export "weft:lift 10" (func $"weft:lift 10"))
  (export "weft:lift 11" (func $"weft:lift 11"))
  (export "weft:memory-0-0" (memory 0))
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (param i32 i32 i32 i32) (result i32)
    i32.const 0
  )
  (func (;1;) (type 1) (param i32 i32 i32 i32 i32 i32 i32 i64 i64 f32 f64 i32))
  (func (;2;) (type 2) (result i32)
    i32.const 0
  )
  (func (;3;) (type 3) (result i64)
    i64.const 0
  )
  (func (;4;) (type 4) (result f32)
    f32.const 0x0p+0 (;=0;)
  )
  (func (;5;) (type 5) (result f64)
    f64.const 0x0p+0 (;=0;)
  )
  (func (;6;) (type 6) (param i32))
  (func (;7;) (type 7) (param f64))
  (func (;8;) (type 8) (param i32 i32))
  (func (;9;) (type 9) (param i32 i32) (result i32)
    i32.const 0
  )
  (func (;10;) (type 10) (param i32) (result i32)
    i32.const 0
  )
  (func (;11;) (type 11) (param i32 f32))
  (func (;12;) (type 12) (param i32 i32 i32 i32))
  (func $"weft:lift 0" (;13;) (type 14) (param i64 i64 i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    local.get 2
    i32.wrap_i64
    local.get 3
    i32.wrap_i64
    call 12
    i64.const 0
  )
  (func $"weft:lift 1" (;14;) (type 16) (param i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    call 8
    i64.const 0
  )
  (func $"weft:lift 2" (;15;) (type 18) (param i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    f32.reinterpret_i32
    call 11
    i64.const 0
  )
  (func $"weft:lift 3" (;16;) (type 20) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 10
    i64.extend_i32_u
  )
  (func $"weft:lift 4" (;17;) (type 22) (param i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    call 9
    i64.extend_i32_u
  )
  (func $"weft:lift 5" (;18;) (type 24) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 6
    i64.const 0
  )
  (func $"weft:lift 6" (;19;) (type 26) (result i64)
    call 5
    i64.reinterpret_f64
  )
  (func $"weft:lift 7" (;20;) (type 28) (param i64) (result i64)
    local.get 0
    f64.reinterpret_i64
    call 7
    i64.const 0
  )
  (func $"weft:lift 8" (;21;) (type 30) (result i64)
    call 4
    i32.reinterpret_f32
    i64.extend_i32_u
  )
  (func $"weft:lift 9" (;22;) (type 32) (result i64)
    call 3
  )
  (func $"weft:lift 10" (;23;) (type 34) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $"weft:lift 11" (;24;) (type 36) (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)
    local.get 0
    i32.wrap_i64
    local.get 1
    i32.wrap_i64
    local.get 2
    i32.wrap_i64
    local.get 3
    i32.wrap_i64
    local.get 4
    i32.wrap_i64
    local.get 5
    i32.wrap_i64
    local.get 6
    i32.wrap_i64
    local.get 7
    local.get 8
    local.get 9
    i32.wrap_i64
    f32.reinterpret_i32
    local.get 10
    f64.reinterpret_i64
    local.get 11
    i32.wrap_i64
    call 1
    i64.const 0
  )
  (func $weft:initialize (;25;) (type 37))
)
