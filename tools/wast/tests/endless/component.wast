;; A loop in a component.

(component
  (core module $m (func (export "endless") (loop $again (br $again))))
  (core instance $i (instantiate $m))
  (func (export "endless") (canon lift (core func $i "endless"))))
(invoke "endless")
