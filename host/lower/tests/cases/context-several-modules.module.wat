(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func (param i32)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (result i32)))
  (type (;8;) (func (param i32)))
  (type (;9;) (func (result i32)))
  (type (;10;) (func (result i32)))
  (type (;11;) (func (result i64)))
  (type (;12;) (func (result i32)))
  (type (;13;) (func (result i64)))
  (type (;14;) (func))
  (global (;0;) i32 i32.const 5)
  (global (;1;) i32 i32.const 5)
  (global (;2;) (mut i32) global.get 1)
  (global (;3;) i32 global.get 1)
  (global (;4;) (mut i32) global.get 0)
  (global (;5;) i32 global.get 0)
  (global (;6;) (mut i32) i32.const 0)
  (global (;7;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 6))
  (export "weft:context-i32-1" (global 7))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $f (;1;) (type 2) (result i32)
    global.get 7
  )
  (func (;2;) (type 3) (result i32)
    i32.const 1
  )
  (func $"#func3 f" (@name "f") (;3;) (type 6) (result i32)
    global.get 2
    global.get 1
    i32.add
    global.set 6
    call $f
    global.set 2
    global.get 6
  )
  (func (;4;) (type 9) (result i32)
    global.get 4
    global.get 0
    i32.add
    global.set 6
    call $"#func3 f"
    global.set 4
    global.get 6
  )
  (func $"weft:lift 0" (;5;) (type 11) (result i64)
    call 4
    i64.extend_i32_u
  )
  (func $"weft:lift 1" (;6;) (type 13) (result i64)
    call $"#func3 f"
    i64.extend_i32_u
  )
  (func $weft:initialize (;7;) (type 14))
)
