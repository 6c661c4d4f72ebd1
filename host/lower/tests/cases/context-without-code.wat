;; A module that only passes an access on has no code of its own, yet needs a function for it.
(component
  (core func $get (canon context.get i32 0))
  (core module $pass
    (type $read (shared (func (result i32))))
    (import "c" "get" (func $get (type $read)))
    (export "get" (func $get)))
  (core instance $i (instantiate $pass (with "c" (instance (export "get" (func $get))))))
  (func (export "get") (result u32) (canon lift (core func $i "get"))))
