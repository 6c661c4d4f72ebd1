(component
  (core module $m
    (type $shared (shared (func)))
    (type $unshared (func))
    (memory $x 1)
    (func (type $shared) (drop (memory.size $x))))
  (core instance $m (instantiate $m)))
