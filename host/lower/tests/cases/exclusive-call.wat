;; A parallel thread can call a component that is not shared: that one has a home of its own, with its start function and its memory.
(component
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (data (i32.const 0) "x")
      (global $calls (mut i32) (i32.const 0))
      (func $begin (global.set $calls (i32.const 1)))
      (start $begin)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
      (func (export "f") (param i32 i32) (result i32) (global.get $calls)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "text" string) (result u32)
      (canon lift (core func $m "f") (memory $m "memory") (realloc (func $m "realloc")))))
  (instance $callee (instantiate $callee))
  (component $caller
    (import "f" (func $f (param "text" string) (result u32)))
    (core module $libc (memory (export "memory") 1 1 shared))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory $libc "memory")))
    (core module $m
      (type $f (shared (func (param i32 i32) (result i32))))
      (import "" "f" (func $f (type $f)))
      (func (export "g") (type $f) (call $f (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "g") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $m "g"))))
  (instance $caller (instantiate $caller (with "f" (func $callee "f"))))
  (export "caller" (instance $caller)))
