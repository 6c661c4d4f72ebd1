(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "weft" "f" (func $f (;0;) (type 0)))
  (export "0:1" (func 1))
  (export "weft:initialize" (func $weft:initialize))
  (func (;1;) (type 0) (param i32)
    local.get 0
    call $f
  )
  (func $weft:initialize (;2;) (type 1))
)
