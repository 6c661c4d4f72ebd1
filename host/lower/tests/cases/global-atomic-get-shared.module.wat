(module
  (type (;0;) (func (result i32)))
  (global (;0;) i32 i32.const 0)
  (func (;0;) (type 0) (result i32)
    global.get 0
  )
)
