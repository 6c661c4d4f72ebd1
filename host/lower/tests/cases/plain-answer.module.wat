(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (param i64) (result i64)))
  (type (;4;) (func))
  (table (;0;) 2 funcref)
  (memory (;0;) 1)
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) (i32.const 0) func $double $add)
  (func $add (;0;) (type 0) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
  )
  (func $double (;1;) (type 1) (param i32) (result i32)
    local.get 0
    local.get 0
    call $add
  )
  (func (;2;) (type 1) (param i32) (result i32)
    i32.const 0
    i32.const 0
    i32.const 7
    memory.init 1
    data.drop 1
    global.get 0
    i32.const 1
    i32.add
    global.set 0
    local.get 0
    i32.const 0
    call_indirect (type 1)
  )
  (func $"weft:lift 0" (;3;) (type 3) (param i64) (result i64)
    local.get 0
    i32.wrap_i64
    call 2
    i64.extend_i32_u
  )
  (func $weft:initialize (;4;) (type 4)
    i32.const 16
    i32.const 0
    i32.const 6
    memory.init 0
  )
  (data (;0;) "active")
  (data (;1;) "passive")
)
