(module $m
  (type $binary (;0;) (func (param i32 i32) (result i32)))
  (type $unary (;1;) (func (param i32) (result i32)))
  (table (;0;) 2 funcref)
  (memory (;0;) 1)
  (global $count (;0;) (mut i32) i32.const 0)
  (export "memory" (memory 0))
  (export "f" (func 2))
  (elem (;0;) (i32.const 0) func $double $add)
  (func $add (;0;) (type $binary) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
  )
  (func $double (;1;) (type $unary) (param i32) (result i32)
    local.get 0
    local.get 0
    call $add
  )
  (func (;2;) (type $unary) (param $x i32) (result i32)
    i32.const 0
    i32.const 0
    i32.const 7
    memory.init $passive
    data.drop $passive
    global.get $count
    i32.const 1
    i32.add
    global.set $count
    local.get $x
    i32.const 0
    call_indirect (type $unary)
  )
  (data (;0;) (i32.const 16) "active")
  (data $passive (;1;) "passive")
)
