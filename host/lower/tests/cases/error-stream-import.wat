;; An imported function that takes what is passed only where threads take turns.
(component
  (import "test:imports/i@0.1.0" (instance $i (export "f" (func (param "s" (list (stream u8)))))))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $f (canon lower (func $i "f") (memory (core memory $memory "memory"))))
  (core module $m (import "" "f" (func (param i32 i32))))
  (core instance $m (instantiate $m (with "" (instance (export "f" (func $f)))))))
