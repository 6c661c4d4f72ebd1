;; A loop in a module.

(module
  (func (export "endless") (loop $again (br $again)))
  (func (export "well")))
(invoke "well")
(assert_return (invoke "endless"))
(invoke "well")
