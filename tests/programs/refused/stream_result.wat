;; Has a preemptive spawn, and lifts a function whose result no parallel thread can give.
(component
  (core type $start (shared (func (param i32))))
  (core func (canon thread.spawn-ref shared $start))
  (core module $M (func (export "f") (result i32) (i32.const 0)))
  (core instance $m (instantiate $M))
  (func $bytes (result (stream u8)) (canon lift (core func $m "f")))
  (instance $i (export "bytes" (func $bytes)))
  (export "test:bytes/bytes@1.0.0" (instance $i)))
