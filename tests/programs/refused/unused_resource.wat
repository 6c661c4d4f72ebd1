;; Has a preemptive spawn, and imports a resource that nothing uses: `weft run` does not supply it.
(component
  (import "wasi:nothing/there@1.0.0" (instance (export "r" (type (sub resource))) (export "f" (func))))
  (core type $start (shared (func (param i32))))
  (core func (canon thread.spawn-ref shared $start))
  (core module $M (func (export "run") (result i32) (i32.const 0)))
  (core instance $m (instantiate $M))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (instance $r (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $r)))
