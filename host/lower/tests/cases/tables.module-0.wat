(module $define
  (type $start (;0;) (func (param i32)))
  (type (;1;) (func))
  (table $shared (;0;) 4 4 funcref)
  (table $own (;1;) 1 funcref)
  (export "shared" (table $shared))
  (export "own" (table $own))
  (export "f" (func $f))
  (export "g" (func $g))
  (export "write" (func 3))
  (elem (;0;) (table $shared) (i32.const 1) funcref (ref.func $g) (ref.func $f))
  (elem $passive (;1;) func $h)
  (func $f (;0;) (type $start) (param i32))
  (func $g (;1;) (type $start) (param i32))
  (func $h (;2;) (type 1))
  (func (;3;) (type 1)
    i32.const 0
    i32.const 0
    i32.const 1
    table.init $own $passive
    elem.drop $passive
    i32.const 0
    i32.const 0
    table.get $own
    table.set $own
    i32.const 0
    ref.null func
    i32.const 1
    table.fill $own
    ref.func $h
    table.size $shared
    table.grow $own
    drop
    i32.const 0
    i32.const 1
    i32.const 1
    table.copy $own $own
  )
)
