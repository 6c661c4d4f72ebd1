(component
  (import "host" (core module $host (import "m" "x" (memory 1)) (export "f" (func))))
  (core module $m (memory (export "x") 1))
  (core instance $m (instantiate $m))
  (core instance $host (instantiate $host (with "m" (instance $m)))))
