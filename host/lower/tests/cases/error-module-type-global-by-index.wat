(component
  (import "m" (core module $m
     (type $b (struct))
     (export "g" (global (ref null 0))))))
