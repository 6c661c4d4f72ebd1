(component
  (import "host" (core module $host (export "f" (func))))
  (core instance $host (instantiate $host))
  (func (export "f") (canon lift (core func $host "f"))))
