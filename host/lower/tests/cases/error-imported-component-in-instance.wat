(component
  (import "i" (instance $i (export "f" (func)) (export "c" (component (export "f" (func))))))
  (alias export $i "c" (component $c))
  (instance $c (instantiate $c)))
