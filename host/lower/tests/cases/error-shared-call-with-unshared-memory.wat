;; A parallel thread would pass what is in a memory that each store has for itself.
(component
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
      (func (export "f") (param i32 i32)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "text" string)
      (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  (instance $callee (instantiate $callee))
  (component $caller
    (import "f" (func $f (param "text" string)))
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory $libc "memory")))
    (core module $m
      (type $f (shared (func (param i32 i32))))
      (import "" "f" (func $f (type $f)))
      (func (export "g") (type $f) (call $f (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f)))))))
  (instance $caller (instantiate $caller (with "f" (func $callee "f")))))
