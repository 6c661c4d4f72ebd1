;; A function of an imported core module, lifted as it is.
(component
  (import "host" (core module $host (export "f" (func (param i32 f64) (result i64)))))
  (core instance $host (instantiate $host))
  (func (export "f") (param "a" s32) (param "b" f64) (result s64) (canon lift (core func $host "f"))))
