;;! shared-everything = true
;; A destructor runs on a thread of its own: it sees zero in the slots, and writes nobody else's.

(component
  (core func $get (canon context.get i32 0))
  (core func $set (canon context.set i32 0))
  (core module $resource
    (import "" "get" (func $get (result i32)))
    (import "" "set" (func $set (param i32)))
    (global (export "seen") (mut i32) (i32.const 0))
    (func (export "destroy") (param i32)
      (global.set 0 (call $get))
      (call $set (i32.const 9))))
  (core instance $resource (instantiate $resource
    (with "" (instance (export "get" (func $get)) (export "set" (func $set))))))
  (type $resource (resource (rep i32) (dtor (core func $resource "destroy"))))
  (core func $new (canon resource.new $resource))
  (core func $drop (canon resource.drop $resource))
  (core module $main
    (import "" "get" (func $get (result i32)))
    (import "" "set" (func $set (param i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "resource" "seen" (global $seen (mut i32)))
    ;; Ten times what the destructor sees, and what is in the caller's slot afterwards.
    (func (export "drop") (result i32)
      (call $set (i32.const 7))
      (call $drop (call $new (i32.const 1)))
      (i32.add (i32.mul (global.get $seen) (i32.const 10)) (call $get))))
  (core instance $main (instantiate $main
    (with "resource" (instance $resource))
    (with "" (instance
      (export "get" (func $get))
      (export "set" (func $set))
      (export "new" (func $new))
      (export "drop" (func $drop))))))
  (func (export "drop") (result u32) (canon lift (core func $main "drop"))))

(assert_return (invoke "drop") (u32.const 7))
