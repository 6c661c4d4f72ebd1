(component
  (component $c
    (type $r (resource (rep i32)))
    (core func $new (canon resource.new $r))
    (core module $m (import "" "new" (func (param i32) (result i32))))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new)))))))
  (instance $c (instantiate $c)))
