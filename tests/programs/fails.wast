;; Lines 4 and 5 fail.

(module (func (export "one") (result i32) (i32.const 1)) (func (export "endless") (loop $again (br $again))))
(assert_return (invoke "one") (i32.const 2))
(assert_return (invoke "endless"))
