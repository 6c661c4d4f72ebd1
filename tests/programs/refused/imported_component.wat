;; No runtime takes a component from outside.
(component
  (import "plugin" (component $plugin (export "f" (func))))
  (instance $i (instantiate $plugin))
  (core func $f (canon lower (func $i "f")))
  (core module $m
    (import "" "f" (func $f))
    (func (export "run") (result i32) (call $f) (i32.const 0)))
  (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
