;;! shared-everything = true
;;! strict = true

;; What weft allows beyond the specification is refused: here, to lift a shared function. The words may be weft's or wasmparser's.

(component definition
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f"))))
(assert_invalid
  (component
    (core module $m (type $t (shared (func))) (func (export "f") (type $t)))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f"))))
  "rule SETV-23")
(assert_invalid
  (component
    (core module $m (type $t (shared (func))) (func (export "f") (type $t)))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f"))))
  "does not match type")
