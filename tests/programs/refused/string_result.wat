;; Has a preemptive spawn, and lifts a function whose result is in memory.
(component
  (core type $start (shared (func (param i32))))
  (core func (canon thread.spawn-ref shared $start))
  (core module $M (memory (export "m") 1) (func (export "f") (result i32) (i32.const 0)))
  (core instance $m (instantiate $M))
  (func $name (result string) (canon lift (core func $m "f") (memory (core memory $m "m"))))
  (instance $i (export "name" (func $name)))
  (export "test:names/names@1.0.0" (instance $i)))
