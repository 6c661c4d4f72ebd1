;; Without the shared-everything-threads proposal its built-ins are refused, and so is everything shared but memories.

;;; SPAWN-REF-04
(assert_invalid
  (component
    (core type $start (func (param i32)))
    (canon thread.spawn-ref $start (core func)))
  "requires the shared-everything-threads proposal")
;;; SPAWN-IND-04
(assert_invalid
  (component
    (core module $Functions (table (export "functions") 1 funcref))
    (core instance $functions (instantiate $Functions))
    (core type $start (func (param i32)))
    (canon thread.spawn-indirect $start (core table $functions "functions") (core func)))
  "requires the shared-everything-threads proposal")
;;; PAR-03
(assert_invalid
  (component (canon thread.available-parallelism shared (core func)))
  "requires the shared-everything-threads proposal")
;;; PAR-03
(assert_invalid
  (component (canon thread.available_parallelism (core func)))
  "requires the shared-everything-threads proposal")
(assert_invalid
  (component (core type (shared (func (param i32)))))
  "shared-everything-threads")
(assert_invalid
  (module (type (shared (func))))
  "shared-everything-threads")
(assert_invalid
  (module (global (shared i32) (i32.const 0)))
  "shared-everything-threads")
(assert_invalid
  (module (table shared 1 (ref null (shared func))))
  "shared-everything-threads")
;; The others need no more than threads that cooperate.
(component definition
  (canon thread.index (core func))
  (canon thread.yield (core func))
  (canon context.get i32 1 (core func)))
(module definition (memory 1 1 shared))
