(component
  (import "r" (type $r (sub resource)))
  (core func $drop (canon resource.drop $r))
  (core module $m (import "" "drop" (func (param i32))))
  (core instance $m (instantiate $m (with "" (instance (export "drop" (func $drop)))))))
