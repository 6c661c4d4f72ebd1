;; A command without threads, which traps.
(component
  (core module $m (func (export "run") (result i32) unreachable))
  (core instance $m (instantiate $m))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
