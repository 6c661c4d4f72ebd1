(component
  (import "host" (core module $host (export "f" (func))))
  (core instance $one (instantiate $host))
  (core instance $two (instantiate $host)))
