(component
  (import "m" (core module $m
     (type $b (struct))
     (export "tag" (tag (param (ref null $b)))))))
