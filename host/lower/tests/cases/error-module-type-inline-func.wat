(component
  (import "m" (core module $m
     (type $b (struct))
     (export "f" (func (param (ref $b)))))))
