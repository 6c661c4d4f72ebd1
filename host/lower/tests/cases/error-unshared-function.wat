(component
  (core module $m
    (type $shared (shared (func)))
    (type $unshared (func))
    (func $x (type $unshared))
    (func (type $shared) (call $x)))
  (core instance $m (instantiate $m)))
