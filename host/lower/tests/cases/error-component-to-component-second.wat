;; The core module that calls is the third of the component, and imports something else first.
(component
  (core module $first (func (export "own") (result i32) (i32.const 0)))
  (core instance $first (instantiate $first))
  (component $callee
    (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (instance $callee (instantiate $callee))
  (core func $f (canon lower (func $callee "f")))
  (core module $m
    (import "first" "own" (func (result i32)))
    (import "other" "call" (func $f (param i32) (result i32)))
    (func (export "g") (result i32) (call $f (i32.const 1))))
  (core instance $m (instantiate $m
    (with "first" (instance $first))
    (with "other" (instance (export "call" (func $f))))))
  (func (export "g") (result u32) (canon lift (core func $m "g"))))
