(module $uses
  (type $read (;0;) (func (result i32)))
  (import "m" "get" (func $get (;0;) (type $read)))
  (export "f" (func 1))
  (func (;1;) (type $read) (result i32)
    call $get
  )
)
