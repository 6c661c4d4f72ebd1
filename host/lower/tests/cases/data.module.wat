(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func (param i32 i32 i32)))
  (type (;6;) (func))
  (import "weft" "memory 0" (memory (;0;) 1 2 shared))
  (import "weft" "memory 1" (memory (;1;) i64 1 2 shared))
  (import "weft" "memory 2" (memory (;2;) 1 1 shared))
  (memory (;3;) 1)
  (global (;0;) i32 i32.const 100)
  (global (;1;) i64 i64.const 200)
  (global (;2;) i32 i32.const 300)
  (global (;3;) (mut i32) i32.const 0)
  (export "weft:context-i32-0" (global 3))
  (export "weft:lift 0" (func $"weft:lift 0"))
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (result i32)
    global.get 3
  )
  (func (;1;) (type 2) (result i32)
    i32.const 0
    i32.const 0
    i32.const 7
    i32.const 0
    i32.atomic.load 2
    if (type 5) (param i32 i32 i32) ;; label = @1
      memory.init 7
    else
      memory.init 1
    end
    i32.const 0
    i32.const 0
    i32.const 7
    i32.const 0
    i32.atomic.load 2
    if (type 5) (param i32 i32 i32) ;; label = @1
      memory.init 3 7
    else
      memory.init 3 1
    end
    i32.const 0
    i32.const 1
    i32.atomic.store 2
    global.get 3
  )
  (func $"weft:lift 0" (;2;) (type 4) (result i64)
    call 1
    i64.extend_i32_u
  )
  (func $weft:initialize (;3;) (type 6)
    i32.const 16
    i32.const 0
    i32.const 8
    memory.init 0
    i32.const 16
    i32.const 0
    i32.const 3
    memory.init 3 2
    global.get 0
    i32.const 0
    i32.const 15
    memory.init 3
    global.get 0
    i32.const 4
    i32.const 9
    i32.const 1
    i32.sub
    i32.mul
    i32.add
    i32.const 0
    i32.const 3
    memory.init 4
    global.get 1
    i64.const 4
    i64.const 9
    i64.const 1
    i64.sub
    i64.mul
    i64.add
    i32.const 0
    i32.const 4
    memory.init 1 5
    global.get 2
    i32.const 0
    i32.const 0
    memory.init 6
  )
  (data (;0;) "constant")
  (data (;1;) "passive")
  (data (;2;) "own")
  (data (;3;) "imported global")
  (data (;4;) "sum")
  (data (;5;) "wide")
  (data (;6;) "")
  (data (;7;) "")
)
