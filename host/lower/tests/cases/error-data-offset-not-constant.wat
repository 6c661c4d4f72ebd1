(component
  (core module $m
    (memory 1 1 shared)
    (data (memory 0) (i32.popcnt (i32.const 0)) "x"))
  (core instance $m (instantiate $m)))
