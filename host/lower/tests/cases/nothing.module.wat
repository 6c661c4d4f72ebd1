(module
  (type (;0;) (func))
  (export "weft:initialize" (func $weft:initialize))
  (func $weft:initialize (;0;) (type 0))
)
