(module
  (type (;0;) (func (param i32)))
  (import "weft" "thread.resume-later" (func (;0;) (type 0)))
)
