;; Two instances of one module: each has its own shared memory and table, both have the same context slots, which the
;; first defines and the second imports.
(component
  (core func $get (canon context.get i32 0))
  (core module $m
    (type $read (shared (func (result i32))))
    (import "c" "get" (func $get (type $read)))
    (memory (export "memory") 1 1 shared)
    (data (i32.const 0) "twice")
    (table (export "table") shared 2 2 (ref null (shared func)))
    (elem (table 0) (i32.const 0) (ref null (shared func)) (ref.func $get) (ref.func $f))
    (func $f (export "f") (type $read) (i32.add (call $get) (i32.load (i32.const 0)))))
  (core instance $one (instantiate $m (with "c" (instance (export "get" (func $get))))))
  (core instance $two (instantiate $m (with "c" (instance (export "get" (func $get))))))
  (core module $both
    (import "one" "memory" (memory $one 1 1 shared))
    (import "two" "memory" (memory $two 1 1 shared))
    (func (export "f") (result i32) (i32.sub (i32.load $one (i32.const 0)) (i32.load $two (i32.const 0)))))
  (core instance $both (instantiate $both (with "one" (instance $one)) (with "two" (instance $two))))
  (func (export "one") (result u32) (canon lift (core func $one "f")))
  (func (export "two") (result u32) (canon lift (core func $two "f")))
  (func (export "both") (result u32) (canon lift (core func $both "f"))))
