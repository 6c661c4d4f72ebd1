(module
  (type (;0;) (func))
  (global (;0;) (mut i32) i32.const 0)
  (export "weft:initialize" (func $weft:initialize))
  (func $weft:initialize (;0;) (type 0))
)
