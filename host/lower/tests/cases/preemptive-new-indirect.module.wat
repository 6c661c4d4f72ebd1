(module
  (type (;0;) (func (param i32 i64) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i64)))
  (import "weft" "thread.new-indirect" (func (;0;) (type 0)))
  (table (;0;) 1 1 funcref)
  (export "weft:table-0-0" (table 0))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i64" (func $weft:start-i64))
  (func $weft:initialize (;1;) (type 1))
  (func $weft:start-i64 (;2;) (type 2) (param i64)
    unreachable
  )
)
