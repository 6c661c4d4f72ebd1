(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "weft" "resource.drop 0" (func (;0;) (type 0)))
  (export "weft:initialize" (func $weft:initialize))
  (func $weft:initialize (;1;) (type 1))
)
