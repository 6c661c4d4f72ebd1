(component
  (core module $m
    (type $shared (shared (func)))
    (type $unshared (func))
    (table $x 1 funcref)
    (func (type $shared) (drop (table.size $x))))
  (core instance $m (instantiate $m)))
