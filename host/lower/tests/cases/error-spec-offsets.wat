;; In the specification's encoding, with an immediate before what is refused.
(component
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref shared $start))
  (import "f" (func $f async))
  (core func $f (canon lower (func $f)))
  (core module $m (import "" "f" (func)))
  (core instance $m (instantiate $m (with "" (instance (export "f" (func $f)))))))
