(module
  (type (;0;) (func))
  (type (;1;) (func))
  (type (;2;) (func))
  (type (;3;) (func (result i64)))
  (type (;4;) (func))
  (table (;0;) 2 funcref)
  (memory (;0;) 1)
  (memory (;1;) i64 1)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) (i32.const 0) func $start)
  (elem (;1;) func $copy)
  (func $start (;0;) (type 0))
  (func $copy (;1;) (type 1)
    i32.const 0
    i32.const 0
    i32.const 0
    memory.init 3
  )
  (func $"weft:lift 0" (;2;) (type 3) (result i64)
    call $copy
    i64.const 0
  )
  (func $weft:initialize (;3;) (type 4)
    i32.const 0
    i32.const 0
    i32.const 5
    memory.init 0
    call $start
    i32.const 1
    i32.const 0
    i32.const 1
    table.init 1
    elem.drop 1
    i32.const 8
    i32.const 0
    i32.const 4
    memory.init 1
    i64.const 8
    i32.const 0
    i32.const 4
    memory.init 1 2
  )
  (data (;0;) "early")
  (data (;1;) "late")
  (data (;2;) "wide")
  (data (;3;) "")
)
