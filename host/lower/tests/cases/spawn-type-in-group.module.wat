(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (sub (func (param i32))))
  (rec
    (type (;2;) (sub 1 (func (param i32))))
    (type (;3;) (func (param (ref 2))))
  )
  (type (;4;) (func (param (ref null 2) i32) (result i32)))
  (type (;5;) (sub (func (param i32))))
  (rec
    (type (;6;) (sub 5 (func (param i32))))
    (type (;7;) (func (param (ref 6))))
  )
  (type (;8;) (func (param i32 i32) (result i32)))
  (import "weft" "thread.spawn-indirect" (func (;0;) (type 0)))
  (table (;0;) 1 1 funcref)
  (export "weft:table-0-0" (table 0))
  (export "weft:start-i32-open-declared-1" (func $weft:start-i32-open-declared-1))
  (func $weft:start-i32-open-declared-1 (;1;) (type 6) (param i32)
    unreachable
  )
)
