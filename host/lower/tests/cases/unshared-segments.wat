;; Unshared memories and tables that are filled after the start function of an earlier module: their segments are passive, and
;; copied once. Those of the module with the start function, and before, stay active.
(component
  (core module $early
    (memory (export "memory") 1)
    (table (export "table") 2 funcref)
    (data (i32.const 0) "early")
    (elem (i32.const 0) func $start)
    (func $start)
    (start $start))
  (core instance $early (instantiate $early))
  (core module $late
    (import "early" "memory" (memory $m 1))
    (import "early" "table" (table $t 2 funcref))
    (memory $wide i64 1)
    (data $bytes (i32.const 8) "late")
    (data (memory $wide) (i64.const 8) "wide")
    (elem (table $t) (i32.const 1) func $copy)
    (func $copy (export "copy")
      (memory.init $m $bytes (i32.const 0) (i32.const 0) (i32.const 0))))
  (core instance $late (instantiate $late (with "early" (instance $early))))
  (core type $thread (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref $thread))
  (func (export "copy") (canon lift (core func $late "copy"))))
