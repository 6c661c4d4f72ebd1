;; Any thread could drop a resource whose destructor uses what is not shared.
(component
  (core module $state
    (global $dropped (mut i32) (i32.const 0))
    (func (export "destroy") (param i32) (global.set $dropped (local.get 0))))
  (core instance $state (instantiate $state))
  (type $r (resource (rep i32) (dtor (core func $state "destroy"))))
  (core func $drop (canon resource.drop $r))
  (core module $unshared (import "" "drop" (func (param i32))))
  (core module $shared
    (type $drop (shared (func (param i32))))
    (import "" "drop" (func (type $drop))))
  (core instance (instantiate $unshared (with "" (instance (export "drop" (func $drop))))))
  (core instance (instantiate $shared (with "" (instance (export "drop" (func $drop)))))))
