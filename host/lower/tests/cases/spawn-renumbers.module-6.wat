(module $four
  (type $spawn (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (import "" "spawn" (func $spawn (;0;) (type $spawn)))
  (export "f" (func 1))
  (func (;1;) (type 1) (result i32)
    i32.const 1
    i32.const 4
    call $spawn
  )
)
