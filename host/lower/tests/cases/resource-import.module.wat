(module
  (type (;0;) (func (param i32)))
  (import "weft" "resource.drop 0" (func (;0;) (type 0)))
)
