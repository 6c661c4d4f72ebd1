(module
  (type (;0;) (func))
  (type (;1;) (func (param (ref 0)) (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (import "weft" "f" (func $f (;0;) (type 1)))
  (export "0:2" (func 2))
  (export "weft:initialize" (func $weft:initialize))
  (elem (;0;) declare func $t0)
  (elem (;1;) declare func $t0)
  (func $t0 (;1;) (type 0))
  (func (;2;) (type 2) (result i32)
    ref.func $t0
    call $f
  )
  (func $weft:initialize (;3;) (type 3))
)
