(component
  (import "host" (core module $host (import "m" "x" (global i32)) (export "f" (func))))
  (core module $m (global (export "x") i32 (i32.const 0)))
  (core instance $m (instantiate $m))
  (core instance $host (instantiate $host (with "m" (instance $m)))))
