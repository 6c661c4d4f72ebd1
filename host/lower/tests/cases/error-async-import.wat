;; An imported function that is lowered with `async`.
(component
  (import "test:imports/i@0.1.0" (instance $i (export "f" (func async (param "s" string)))))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $f (canon lower (func $i "f") async (memory (core memory $memory "memory"))))
  (core module $m (import "" "f" (func (param i32 i32) (result i32))))
  (core instance $m (instantiate $m (with "" (instance (export "f" (func $f)))))))
