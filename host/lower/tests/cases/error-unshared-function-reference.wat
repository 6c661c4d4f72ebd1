(component
  (core module $m
    (type $shared (shared (func)))
    (type $unshared (func))
    (func $x (type $unshared)) (elem declare func $x)
    (func (type $shared) (drop (ref.func $x))))
  (core instance $m (instantiate $m)))
