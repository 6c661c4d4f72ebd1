(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (result i64)))
  (type (;7;) (func (result i32)))
  (type (;8;) (func (result i64)))
  (type (;9;) (func (result i32)))
  (type (;10;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "memory 1" (memory (;1;) 1 1 shared))
  (table (;0;) 2 2 funcref)
  (table (;1;) 2 2 funcref)
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 0))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:lift 1" (func $"weft:lift 1"))
  (export "weft:lift 2" (func $"weft:lift 2"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) (table 0) (i32.const 0) func $"weft:context-i32-0 get" $f)
  (elem (;1;) (table 1) (i32.const 0) func $"weft:context-i32-0 get" $"#func1 f")
  (func $f (;0;) (type 0) (result i32)
    global.get 0
    i32.const 0
    i32.load
    i32.add
  )
  (func $"#func1 f" (@name "f") (;1;) (type 1) (result i32)
    global.get 0
    i32.const 0
    i32.load 1
    i32.add
  )
  (func (;2;) (type 2) (result i32)
    i32.const 0
    i32.load
    i32.const 0
    i32.load 1
    i32.sub
  )
  (func $"weft:lift 0" (;3;) (type 4) (result i64)
    call 2
    i64.extend_i32_u
  )
  (func $"weft:lift 1" (;4;) (type 6) (result i64)
    call $"#func1 f"
    i64.extend_i32_u
  )
  (func $"weft:lift 2" (;5;) (type 8) (result i64)
    call $f
    i64.extend_i32_u
  )
  (func $"weft:context-i32-0 get" (;6;) (type 9) (result i32)
    global.get 0
  )
  (func $weft:initialize (;7;) (type 10)
    i32.const 0
    i32.const 0
    i32.const 5
    memory.init 0
    i32.const 0
    i32.const 0
    i32.const 5
    memory.init 1 1
  )
  (data (;0;) "twice")
  (data (;1;) "twice")
)
