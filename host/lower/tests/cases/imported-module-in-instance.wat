;; An imported core module that is an export of an imported instance: the plan names its exports that are used.
(component
  (import "host" (instance $host
    (export "m" (core module (export "f" (func (param i32)))))))
  (alias export $host "m" (core module $m))
  (core instance $given (instantiate $m))
  (core module $user
    (import "m" "f" (func $f (param i32)))
    (func (export "run") (param i32) (call $f (local.get 0))))
  (core instance $user (instantiate $user (with "m" (instance $given))))
  (func (export "run") (param "x" s32) (canon lift (core func $user "run"))))
