;; The second type of the component, with a name.
(component
  (type $before u32)
  (type $r (resource (rep i64)))
  (export $exported "handle" (type $r))
  (core func $new (canon resource.new $r))
  (core module $m (import "" "new" (func (param i64) (result i32))))
  (core instance $m (instantiate $m (with "" (instance (export "new" (func $new)))))))
