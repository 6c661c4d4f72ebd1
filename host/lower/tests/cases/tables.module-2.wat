(module $main
  (type $spawn (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (import "" "spawn1" (func $spawn1 (;0;) (type $spawn)))
  (import "" "spawn2" (func $spawn2 (;1;) (type $spawn)))
  (export "f" (func 2))
  (func (;2;) (type 1) (result i32)
    i32.const 1
    i32.const 0
    call $spawn1
    i32.const 1
    i32.const 0
    call $spawn2
    i32.add
  )
)
