;; `run` starts an async call of another component that never returns, returns its own result, and its thread ends.
(component
  (component $B
    (core func $suspend (canon thread.suspend))
    (core module $M (import "" "suspend" (func $suspend (result i32))) (func (export "never") (drop (call $suspend))))
    (core instance $m (instantiate $M (with "" (instance (export "suspend" (func $suspend))))))
    (func (export "never") async (canon lift (core func $m "never") async)))
  (instance $b (instantiate $B))
  (component $A
    (import "never" (func $never async))
    (core func $never (canon lower (func $never) async))
    (core func $return (canon task.return (result (result))))
    (core module $M
      (import "" "never" (func $never (result i32)))
      (import "" "return" (func $return (param i32)))
      (func (export "run")
        (if (i32.ne (i32.and (call $never) (i32.const 15)) (i32.const 1)) (then (unreachable)))
        (call $return (i32.const 0))))
    (core instance $m (instantiate $M (with "" (instance (export "never" (func $never)) (export "return" (func $return))))))
    (func (export "run") async (result (result)) (canon lift (core func $m "run") async)))
  (instance $a (instantiate $A (with "never" (func $b "never"))))
  (instance $i (export "run" (func $a "run")))
  (export "wasi:cli/run@0.3.0" (instance $i)))
