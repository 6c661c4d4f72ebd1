(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (param i32)))
  (import "weft" "thread.new-indirect" (func (;0;) (type 0)))
  (table (;0;) 1 1 funcref)
  (export "weft:table-0-0" (table 0))
  (export "weft:start-i32" (func $weft:start-i32))
  (func $weft:start-i32 (;1;) (type 1) (param i32)
    unreachable
  )
)
