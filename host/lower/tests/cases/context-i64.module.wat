(module
  (type (;0;) (func (result i64)))
  (type (;1;) (func))
  (global (;0;) (mut i64) i64.const 0)
  (export "weft:context-i64-0" (global 0))
  (export "weft:initialize" (func $weft:initialize))
  (func $weft:initialize (;0;) (type 1))
)
