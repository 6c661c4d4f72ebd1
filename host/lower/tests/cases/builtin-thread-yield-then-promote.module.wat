(module
  (type (;0;) (func (param i32) (result i32)))
  (import "weft" "thread.yield-then-promote" (func (;0;) (type 0)))
)
