;; A loop in a start function.

(assert_trap (module (func $endless (loop $again (br $again))) (start $endless)) "unreachable")
