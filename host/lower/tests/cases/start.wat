;; A start function runs once, behind the data segments. It may be the module's own, or one that it imports.
(component
  (core module $own
    (memory (export "memory") 1 1 shared)
    (data (i32.const 0) "before the start function")
    (func $before (export "init") (nop))
    (func $start (i32.store8 (i32.const 0) (i32.const 66)))
    (start $start))
  (core instance $own (instantiate $own))
  (core func $set (canon context.set i32 0))
  (core module $imported
    (type $write (shared (func (param i32))))
    (import "c" "set" (func $set (type $write)))
    (import "own" "init" (func $init))
    (start $init)
    (func (export "f") (call $set (i32.const 1))))
  (core instance $imported (instantiate $imported
    (with "own" (instance $own))
    (with "c" (instance (export "set" (func $set))))))
  (func (export "f") (canon lift (core func $imported "f"))))
