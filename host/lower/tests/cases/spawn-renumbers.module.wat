(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (param i32 i32) (result i32)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (result i32)))
  (type (;8;) (func (param i32 i32) (result i32)))
  (type (;9;) (func (result i32)))
  (type (;10;) (func (result i32)))
  (type (;11;) (func (result i32)))
  (type (;12;) (func (param i32 i32) (result i32)))
  (type (;13;) (func (result i32)))
  (type (;14;) (func (param i32)))
  (import "weft" "thread.spawn-indirect" (func $spawn (;0;) (type 4)))
  (import "weft" "thread.spawn-indirect 2" (func $"#func1 spawn" (@name "spawn") (;1;) (type 8)))
  (import "weft" "thread.available-parallelism" (func $parallelism (;2;) (type 9)))
  (import "weft" "h" (func $host (;3;) (type 7)))
  (import "weft" "thread.spawn-indirect 3" (func $"#func4 spawn" (@name "spawn") (;4;) (type 12)))
  (import "weft" "thread.available-parallelism 2" (func $"#func5 parallelism" (@name "parallelism") (;5;) (type 13)))
  (import "weft" "h 2" (func $"#func6 host" (@name "host") (;6;) (type 11)))
  (table (;0;) 2 2 funcref)
  (table (;1;) 2 2 funcref)
  (export "10:3" (func 15))
  (export "8:3" (func 13))
  (export "9:0" (func 14))
  (export "1:0" (func 7))
  (export "7:0" (func 12))
  (export "6:1" (func 11))
  (export "3:0" (func 8))
  (export "4:0" (func 9))
  (export "5:0" (func 10))
  (export "weft:table-0-0" (table 0))
  (export "weft:table-2-0" (table 1))
  (export "weft:start-i32" (func $weft:start-i32))
  (func (;7;) (type 0) (result i32)
    i32.const 1
  )
  (func (;8;) (type 1) (result i32)
    i32.const 3
  )
  (func (;9;) (type 2) (result i32)
    i32.const 2
  )
  (func (;10;) (type 3) (result i32)
    i32.const 1
  )
  (func (;11;) (type 5) (result i32)
    i32.const 1
    i32.const 4
    call $spawn
  )
  (func (;12;) (type 6) (result i32)
    i32.const 2
  )
  (func (;13;) (type 7) (result i32)
    call $parallelism
    call $host
    call $"#func1 spawn"
  )
  (func (;14;) (type 10) (result i32)
    i32.const 2
  )
  (func (;15;) (type 11) (result i32)
    call $"#func5 parallelism"
    call $"#func6 host"
    call $"#func4 spawn"
  )
  (func $weft:start-i32 (;16;) (type 14) (param i32)
    unreachable
  )
)
