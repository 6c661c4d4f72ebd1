(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (global (;0;) i32 i32.const 0)
  (export "weft:initialize" (func $weft:initialize))
  (func (;0;) (type 0) (result i32)
    global.get 0
  )
  (func $weft:initialize (;1;) (type 1))
)
