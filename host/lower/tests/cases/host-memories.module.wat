(module
  (type (;0;) (func (param i32 i64) (result i32)))
  (type (;1;) (func (param i32 i64) (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32 i64) (result i32)))
  (type (;4;) (func))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (result i64)))
  (type (;8;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (import "weft" "memory 1" (memory (;1;) 1 2 shared))
  (import "weft" "write" (func (;0;) (type 0)))
  (import "weft" "write 2" (func (;1;) (type 1)))
  (import "weft" "f" (func (;2;) (type 2)))
  (import "weft" "zero" (global (;0;) i32))
  (global (;1;) (mut i32) i32.const 0)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:host-import" (global 1))
  (export "weft:initialize" (func $weft:initialize))
  (func $weft:host-call (;3;) (type 0) (param i32 i64) (result i32)
    i32.const 0
    global.set 1
    local.get 0
    local.get 1
    call 0
  )
  (func $"#func4 weft:host-call" (@name "weft:host-call") (;4;) (type 1) (param i32 i64) (result i32)
    i32.const 1
    global.set 1
    local.get 0
    local.get 1
    call 1
  )
  (func $"#func5 weft:host-call" (@name "weft:host-call") (;5;) (type 2)
    i32.const 2
    global.set 1
    call 2
  )
  (func (;6;) (type 5) (result i32)
    call $"#func5 weft:host-call"
    i32.const 1
    i64.const 2
    call $weft:host-call
    global.get 0
    i64.const 3
    call $"#func4 weft:host-call"
    i32.add
  )
  (func $"weft:lift 0" (;7;) (type 7) (result i64)
    call 6
    i64.extend_i32_u
  )
  (func $weft:initialize (;8;) (type 8))
)
