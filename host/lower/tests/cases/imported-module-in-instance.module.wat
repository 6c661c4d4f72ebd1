(module
  (type (;0;) (func (param i32)))
  (import "weft" "f" (func $f (;0;) (type 0)))
  (export "0:1" (func 1))
  (func (;1;) (type 0) (param i32)
    local.get 0
    call $f
  )
)
