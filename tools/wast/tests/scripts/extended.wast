;;! shared-everything = true

;; What weft allows beyond the specification is accepted, and runs: here, to lift a shared function.

(component
  (core module $m (type $t (shared (func (result i32)))) (func (export "f") (type $t) (i32.const 3)))
  (core instance $i (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
(assert_return (invoke "f") (u32.const 3))
