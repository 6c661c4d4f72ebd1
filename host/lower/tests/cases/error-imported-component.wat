(component
  (import "c" (component $c (export "f" (func))))
  (instance $i (instantiate $c)))
