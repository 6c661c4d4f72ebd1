(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i32 i32) (result i32)))
  (type (;4;) (func (result i32)))
  (type (;5;) (func (param i32 i32 i32)))
  (type (;6;) (func))
  (type (;7;) (func (param i32)))
  (import "weft" "memory 0" (memory (;0;) 1 1 shared))
  (import "weft" "thread.spawn-indirect" (func $spawn1 (;0;) (type 3)))
  (import "weft" "thread.spawn-indirect 2" (func $spawn2 (;1;) (type 3)))
  (table (;0;) 4 4 funcref)
  (table (;1;) 1 funcref)
  (export "0:3" (func 5))
  (export "2:2" (func 6))
  (export "weft:table-0-0" (table 0))
  (export "weft:table-1-1" (table 0))
  (export "weft:initialize" (func $weft:initialize))
  (export "weft:start-i32" (func $weft:start-i32))
  (elem (;0;) (table 0) (i32.const 1) func $g $f)
  (elem (;1;) func $h)
  (elem (;2;) (table 0) (i32.const 3) func $f)
  (elem (;3;) funcref)
  (elem (;4;) declare func $h)
  (func $f (;2;) (type 0) (param i32))
  (func $g (;3;) (type 0) (param i32))
  (func $h (;4;) (type 1))
  (func (;5;) (type 1)
    i32.const 0
    i32.const 0
    i32.const 1
    i32.const 0
    i32.atomic.load
    if (type 5) (param i32 i32 i32) ;; label = @1
      table.init 1 3
    else
      table.init 1 1
    end
    i32.const 0
    i32.const 1
    i32.atomic.store
    i32.const 0
    i32.const 0
    table.get 1
    table.set 1
    i32.const 0
    ref.null func
    i32.const 1
    table.fill 1
    ref.func $h
    table.size 0
    table.grow 1
    drop
    i32.const 0
    i32.const 1
    i32.const 1
    table.copy 1 1
  )
  (func (;6;) (type 4) (result i32)
    i32.const 1
    i32.const 0
    call $spawn1
    i32.const 1
    i32.const 0
    call $spawn2
    i32.add
  )
  (func $weft:initialize (;7;) (type 6))
  (func $weft:start-i32 (;8;) (type 7) (param i32)
    unreachable
  )
)
