(module
  (type (;0;) (func (param i32) (result i32)))
  (import "weft" "thread.yield-then-resume" (func (;0;) (type 0)))
)
