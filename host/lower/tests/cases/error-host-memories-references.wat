(component
  (core type $callback (func (param i32)))
  (core type $takes (module
    (alias outer 1 $callback (type $callback))
    (import "env" "memory" (memory 1 1 shared))
    (export "f" (func (param (ref null $callback))))))
  (import "host" (core module $host (type $takes)))
  (core module $state (memory (export "memory") 1 1 shared))
  (core instance $one (instantiate $state))
  (core instance $two (instantiate $state))
  (core instance $host_one (instantiate $host (with "env" (instance $one))))
  (core instance $host_two (instantiate $host (with "env" (instance $two))))
  (core module $main
    (type $callback (func (param i32)))
    (import "one" "f" (func (param (ref null $callback)))))
  (core instance (instantiate $main (with "one" (instance $host_one)))))
