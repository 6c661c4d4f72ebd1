;; Two resource types, one with a destructor. A nested component has one of its own, and so a table of its own.
(component
  (core module $code
    (type $destroy (shared (func (param i32))))
    (func (export "destroy") (type $destroy) (param i32)))
  (core instance $code (instantiate $code))
  (type $r' (resource (rep i32) (dtor (core func $code "destroy"))))
  (type $s (resource (rep i32)))
  (core func $new (canon resource.new $r'))
  (core func $rep (canon resource.rep $s))
  (core func $drop (canon resource.drop $r'))
  (core module $m
    (type $drop (shared (func (param i32))))
    (import "" "new" (func (param i32) (result i32)))
    (import "" "rep" (func (param i32) (result i32)))
    (import "" "drop" (func (type $drop)))
    (func (export "same") (param i32) (result i32) (local.get 0))
    (func (export "take") (param i32)))
  (core instance $m (instantiate $m (with "" (instance
    (export "new" (func $new))
    (export "rep" (func $rep))
    (export "drop" (func $drop))))))
  (component $nested
    (type $t (resource (rep i32)))
    (core func $drop (canon resource.drop $t))
    (core module $m (import "" "drop" (func (param i32))))
    (core instance $m (instantiate $m (with "" (instance (export "drop" (func $drop)))))))
  (instance (instantiate $nested))
  (export $r "r" (type $r'))
  (func (export "same") (param "r" (own $r)) (result (own $r)) (canon lift (core func $m "same")))
  (func (export "take") (param "r" (borrow $r)) (canon lift (core func $m "take"))))
