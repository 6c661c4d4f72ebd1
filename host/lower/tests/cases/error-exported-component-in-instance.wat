(component
  (component $c)
  (instance $i (export "c" (component $c)))
  (export "i" (instance $i)))
