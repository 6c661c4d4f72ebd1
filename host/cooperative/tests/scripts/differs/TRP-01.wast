;;! shared-everything = true
;; A trap locks the component instances that were being called, and no others.

(component
  (component $traps
    (core module $main (func (export "f") (result i32) unreachable))
    (core instance $main (instantiate $main))
    (func (export "f") (result u32) (canon lift (core func $main "f"))))
  (component $returns
    (core module $main (func (export "f") (result i32) (i32.const 1)))
    (core instance $main (instantiate $main))
    (func (export "f") (result u32) (canon lift (core func $main "f"))))
  (instance $traps (instantiate $traps))
  (instance $returns (instantiate $returns))
  (export "trap" (func $traps "f"))
  (export "return" (func $returns "f")))

(assert_return (invoke "return") (u32.const 1))
(assert_trap (invoke "trap") "unreachable")
(assert_return (invoke "return") (u32.const 1))
