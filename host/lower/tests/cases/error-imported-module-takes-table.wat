(component
  (import "host" (core module $host (import "m" "x" (table 1 funcref)) (export "f" (func))))
  (core module $m (table (export "x") 1 funcref))
  (core instance $m (instantiate $m))
  (core instance $host (instantiate $host (with "m" (instance $m)))))
