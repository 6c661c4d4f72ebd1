(module $first
  (type $read (;0;) (func (result i32)))
  (type $unshared (;1;) (func (result i32)))
  (type (;2;) (func (result i32)))
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i32) i32.const 0)
  (export "f" (func 0))
  (export "weft:context-0" (global 0))
  (export "weft:context-1" (global 1))
  (func (;0;) (type $unshared) (result i32)
    global.get 1
  )
  (func $get1 (;1;) (type 2) (result i32)
    global.get 1
  )
)
