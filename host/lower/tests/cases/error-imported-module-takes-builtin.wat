(component
  (import "host" (core module $host (import "m" "x" (func (result i32))) (export "f" (func))))
  (core func $get (canon context.get i32 0))
  (core instance $host (instantiate $host (with "m" (instance (export "x" (func $get)))))))
