(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func (result i64)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (result i64)))
  (type (;8;) (func (param i32) (result i32)))
  (type (;9;) (func (param i64) (result i64)))
  (type (;10;) (func (param i32)))
  (type (;11;) (func (result i32)))
  (type (;12;) (func))
  (table (;0;) 4 4 funcref ref.func $"weft:context-i32-1 set")
  (global (;0;) funcref ref.func $"weft:context-i32-0 get")
  (global (;1;) (mut i32) i32.const 0)
  (global (;2;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 1))
  (export "weft:context-i32-1" (global 2))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:lift 2" (func $"weft:lift 2"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) (table 0) (i32.const 1) func $own $"weft:context-i32-0 get")
  (elem (;1;) declare func $"weft:context-i32-1 set" $"weft:context-i32-0 get")
  (func $own (;0;) (type 0) (result i32)
    global.get 1
    return
  )
  (func (;1;) (type 2) (param i32) (result i32)
    local.get 0
    global.set 2
    local.get 0
    ref.func $"weft:context-i32-1 set"
    call_ref 1
    ref.func $"weft:context-i32-0 get"
    call_ref 0
  )
  (func (;2;) (type 3) (result i32)
    global.get 1
  )
  (func $"weft:lift 0" (;3;) (type 5) (result i64)
    global.get 1
    i64.extend_i32_u
  )
  (func $"weft:lift 1" (;4;) (type 7) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $"weft:lift 2" (;5;) (type 9) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 1
    i64.extend_i32_u
  )
  (func $"weft:context-i32-1 set" (;6;) (type 10) (param i32)
    local.get 0
    global.set 2
  )
  (func $"weft:context-i32-0 get" (;7;) (type 11) (result i32)
    global.get 1
  )
  (func $weft:initialize (;8;) (type 12))
)
