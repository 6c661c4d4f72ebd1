(module
  (type (;0;) (func (param i32)))
  (type (;1;) (sub (func (param i64))))
  (type (;2;) (func (param i64 i32) (result i32)))
  (type (;3;) (func (param i64 i64) (result i32)))
  (type (;4;) (func (param i32 i32) (result i32)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (result i64)))
  (type (;8;) (func))
  (type (;9;) (func (param i32)))
  (type (;10;) (sub (func (param i64))))
  (import "weft" "thread.spawn-indirect" (func $wide (;0;) (type 2)))
  (import "weft" "thread.spawn-indirect 2" (func $wide-open (;1;) (type 3)))
  (import "weft" "thread.spawn-indirect 3" (func $typed (;2;) (type 4)))
  (import "weft" "thread.spawn-indirect 4" (func $wide-typed (;3;) (type 3)))
  (import "weft" "thread.spawn-indirect 5" (func $never (;4;) (type 4)))
  (table (;0;) i64 2 2 funcref)
  (table (;1;) 2 2 (ref null 0))
  (table (;2;) i64 3 3 (ref 1) ref.func $g)
  (table (;3;) 1 1 nullfuncref)
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:table-0-0" (table 0))
  (export "weft:table-0-1" (table 1))
  (export "weft:table-0-2" (table 2))
  (export "weft:table-0-3" (table 3))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (export "weft:start-i64-open" (func $weft:start-i64-open))
  (elem (;0;) declare func $g)
  (func $f (;5;) (type 0) (param i32))
  (func $g (;6;) (type 1) (param i64))
  (func (;7;) (type 5) (result i32)
    i64.const 0
    i32.const 1
    call $wide
    drop
    i64.const 1
    i64.const 2
    call $wide-open
    drop
    i32.const 1
    i32.const 3
    call $typed
    drop
    i32.const 0
    i32.const 4
    call $never
    drop
    i64.const 2
    i64.const 5
    call $wide-typed
  )
  (func $"weft:lift 0" (;8;) (type 7) (result i64)
    call 7
    i64.extend_i32_u
  )
  (func $weft:initialize (;9;) (type 8))
  (func $weft:start-i32 (;10;) (type 9) (param i32)
    unreachable
  )
  (func $weft:start-i64-open (;11;) (type 10) (param i64)
    unreachable
  )
)
