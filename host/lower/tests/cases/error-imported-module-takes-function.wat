(component
  (import "host" (core module $host (import "m" "x" (func)) (export "f" (func))))
  (core module $m (func (export "x")))
  (core instance $m (instantiate $m))
  (core instance $host (instantiate $host (with "m" (instance $m)))))
