;; Two threads that do not end, for one of which the script waits.

(thread $A
  (module (func (export "endless") (loop $again (br $again))))
  (invoke "endless"))
(thread $B
  (module (func (export "endless") (loop $again (br $again))))
  (invoke "endless"))
(wait $A)
