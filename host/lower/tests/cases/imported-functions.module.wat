(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32) (result i64)))
  (type (;2;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;3;) (func (param i32)))
  (type (;4;) (func (param i32 i32 i32)))
  (type (;5;) (func (param i32 i32 i32) (result i64)))
  (type (;6;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;7;) (func (param i32)))
  (type (;8;) (func (param i32 i32 i32)))
  (type (;9;) (func (param i32)))
  (type (;10;) (func (param i32 i32 i32)))
  (type (;11;) (func))
  (type (;12;) (func (param i32)))
  (type (;13;) (func (param i64) (result i64)))
  (type (;14;) (func))
  (type (;15;) (func (result i64)))
  (type (;16;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 16 shared))
  (import "weft" "lowered 1" (func (;0;) (type 1)))
  (import "weft" "store-result" (func (;1;) (type 3)))
  (import "weft" "lowered 2" (func (;2;) (type 5)))
  (import "weft" "store-result 2" (func (;3;) (type 7)))
  (import "weft" "lowered 0" (func $f (;4;) (type 9)))
  (import "weft" "lowered 3" (func $h (;5;) (type 10)))
  (import "weft" "lowered 0 2" (func (;6;) (type 12)))
  (memory (;1;) 1)
  (export "0:0" (func 7))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:memory-0-1" (memory 1))
  (export "weft:initialize" (func $weft:initialize))
  (func (;7;) (type 0) (param i32 i32 i32 i32) (result i32)
    i32.const 0
  )
  (func $weft:allocate (;8;) (type 4) (param i32 i32 i32)
    (local i64)
    block ;; label = @1
      local.get 0
      local.get 1
      local.get 2
      call 0
      local.tee 3
      i64.eqz
      br_if 0 (;@1;)
      i64.const 0
      i32.wrap_i64
      i64.const 0
      i32.wrap_i64
      local.get 3
      i64.const 32
      i64.shr_u
      i32.wrap_i64
      local.get 3
      i64.const 4294967295
      i64.and
      i32.wrap_i64
      call 7
      call 1
    end
  )
  (func $"#func9 weft:allocate" (@name "weft:allocate") (;9;) (type 8) (param i32 i32 i32)
    (local i64)
    block ;; label = @1
      local.get 0
      local.get 1
      local.get 2
      call 2
      local.tee 3
      i64.eqz
      br_if 0 (;@1;)
      i64.const 0
      i32.wrap_i64
      i64.const 0
      i32.wrap_i64
      local.get 3
      i64.const 32
      i64.shr_u
      i32.wrap_i64
      local.get 3
      i64.const 4294967295
      i64.and
      i32.wrap_i64
      call 7
      call 3
    end
  )
  (func (;10;) (type 11)
    i32.const 1
    call $f
    i32.const 0
    i32.const 0
    i32.const 8
    call $weft:allocate
    i32.const 0
    i32.const 0
    i32.const 8
    call $"#func9 weft:allocate"
    i32.const 0
    i32.const 0
    i32.const 0
    call $h
  )
  (func $"weft:lift 0" (;11;) (type 13) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 6
    i64.const 0
  )
  (func $"weft:lift 1" (;12;) (type 15) (result i64)
    call 10
    i64.const 0
  )
  (func $weft:initialize (;13;) (type 16))
)
