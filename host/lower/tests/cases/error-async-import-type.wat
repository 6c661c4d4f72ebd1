;; An imported function of an `async` type, lowered synchronously.
(component
  (import "f" (func $f async))
  (core func $f (canon lower (func $f)))
  (core module $m (import "" "f" (func)))
  (core instance $m (instantiate $m (with "" (instance (export "f" (func $f)))))))
