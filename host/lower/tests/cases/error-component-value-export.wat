(component
  (import "i" (instance $i (export "v" (value u32))))
  (alias export $i "v" (value $v))
  (export "w" (value $v)))
