(module
  (type (;0;) (func))
  (table (;0;) 1 1 funcref)
  (export "weft:initialize" (func $weft:initialize))
  (func $weft:initialize (;0;) (type 0))
)
