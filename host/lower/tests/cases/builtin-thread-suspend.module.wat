(module
  (type (;0;) (func (result i32)))
  (import "weft" "thread.suspend" (func (;0;) (type 0)))
)
