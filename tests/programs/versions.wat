;; A command of WASI 0.2, which traps, and of WASI 0.3, which fails. Rust makes such programs for `wasm32-wasip3`.
(component
  (core func $return (canon task.return (result (result))))
  (core module $m
    (import "" "return" (func $return (param i32)))
    (func (export "run-0.2") (result i32) unreachable)
    (func (export "run-0.3") (call $return (i32.const 1))))
  (core instance $m (instantiate $m (with "" (instance (export "return" (func $return))))))
  (func $run-0.2 (result (result)) (canon lift (core func $m "run-0.2")))
  (func $run-0.3 async (result (result)) (canon lift (core func $m "run-0.3") async))
  (instance $run-0.2 (export "run" (func $run-0.2)))
  (instance $run-0.3 (export "run" (func $run-0.3)))
  (export "wasi:cli/run@0.2.0" (instance $run-0.2))
  (export "wasi:cli/run@0.3.0" (instance $run-0.3)))
