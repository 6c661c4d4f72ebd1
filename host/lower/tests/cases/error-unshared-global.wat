(component
  (core module $m
    (type $shared (shared (func)))
    (type $unshared (func))
    (global $x i32 (i32.const 0))
    (func (type $shared) (drop (global.get $x))))
  (core instance $m (instantiate $m)))
