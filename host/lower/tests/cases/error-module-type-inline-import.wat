(component
  (core module $m (import "m") (type $b (struct)) (export "g" (global (ref null $b)))))
