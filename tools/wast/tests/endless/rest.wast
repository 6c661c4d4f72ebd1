;; What comes after the time is over is counted, and not run: neither in a thread nor in the script.

(module (func (export "endless") (loop $again (br $again))) (func (export "f")))
(thread $T
  (module (func (export "endless") (loop $again (br $again))))
  (invoke "endless")
  (assert_invalid (module (func (result i32))) "type mismatch"))
(assert_return (invoke "f"))
(invoke "endless")
(invoke "f")
(assert_return (invoke "f") (i32.const 3))
(wait $T)
