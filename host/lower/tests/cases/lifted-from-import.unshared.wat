(component
  (core type (;0;)
    (module
      (type (;0;) (func (param i32 f64) (result i64)))
      (export "f" (func (type 0)))
    )
  )
  (import "host" (core module $host (;0;) (type 0)))
  (core instance $host (;0;) (instantiate $host))
  (type (;0;) (func (param "a" s32) (param "b" f64) (result s64)))
  (alias core export $host "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
