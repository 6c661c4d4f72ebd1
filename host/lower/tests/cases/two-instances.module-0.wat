(module $m
  (type $read (;0;) (func (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (import "weft" "memory" (memory (;0;) 1 1 shared))
  (table (;0;) 2 2 funcref)
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "memory" (memory 0))
  (export "table" (table 0))
  (export "f" (func $f))
  (export "weft:context-0" (global 0))
  (export "weft:context-1" (global 1))
  (export "weft:initialize" (func 2))
  (elem (;0;) (table 0) (i32.const 0) funcref (ref.func $get) (ref.func $f))
  (func $f (;0;) (type $read) (result i32)
    global.get 0
    i32.const 0
    i32.load
    i32.add
  )
  (func $get (;1;) (type 1) (result i32)
    global.get 0
  )
  (func (;2;) (type 2)
    i32.const 0
    i32.const 0
    i32.const 5
    memory.init 0
    data.drop 0
  )
  (data (;0;) "twice")
)
