(module
  (type (;0;) (func (param i32) (result i32)))
  (import "weft" "thread.suspend-then-promote" (func (;0;) (type 0)))
)
