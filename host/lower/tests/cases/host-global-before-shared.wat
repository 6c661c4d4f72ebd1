;; A global that the host gives comes before one of another instance, which is written.
(component
  (core type $host (module (export "limit" (global i32))))
  (import "host" (core module $Host (type $host)))
  (core instance $host (instantiate $Host))
  (core module $State (global (export "counter") (shared mut i32) (i32.const 7)))
  (core instance $state (instantiate $State))
  (core module $Main
    (type $run (shared (func (param i32))))
    (import "host" "limit" (global $limit i32))
    (import "state" "counter" (global $counter (shared mut i32)))
    (func (export "run") (type $run) (global.set $counter (local.get 0)))
    (func (export "limit") (result i32) (global.get $limit)))
  (core instance $main (instantiate $Main (with "host" (instance $host)) (with "state" (instance $state))))
  (core type $start (shared (func (param i32))))
  (core func (canon thread.spawn-ref shared $start))
  (func (export "limit") (result u32) (canon lift (core func $main "limit"))))
