;; Modules, their definitions and instances, what they export, and what they import.

(module $counter
  (global $count (export "count") (mut i32) (i32.const 0))
  (func (export "next") (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (global.get $count)))

(assert_return (invoke "next") (i32.const 1))
(invoke $counter "next")
(assert_return (get "count") (i32.const 2))
(assert_return (get $counter "count") (i32.const 2))
(get "count")

(module instance $second $counter)
(assert_return (invoke "next") (i32.const 1))
(assert_return (invoke $counter "next") (i32.const 3))

(module definition $not-run
  (func $trap (unreachable))
  (start $trap))
(assert_trap (module (func $trap (unreachable)) (start $trap)) "unreachable")

(register "counter" $counter)
(module
  (import "counter" "next" (func $next (result i32)))
  (func (export "twice") (result i32) (drop (call $next)) (call $next)))
(assert_return (invoke "twice") (i32.const 5))

(assert_unlinkable (module (import "counter" "none" (func))) "unknown import")
(assert_unlinkable (module (import "counter" "next" (func (param i32)))) "incompatible import type")

(module
  (import "spectest" "print" (func $print))
  (import "spectest" "print_i32" (func $print_i32 (param i32)))
  (import "spectest" "print_i64" (func $print_i64 (param i64)))
  (import "spectest" "print_f32" (func $print_f32 (param f32)))
  (import "spectest" "print_f64" (func $print_f64 (param f64)))
  (import "spectest" "print_i32_f32" (func $print_i32_f32 (param i32 f32)))
  (import "spectest" "print_f64_f64" (func $print_f64_f64 (param f64 f64)))
  (import "spectest" "global_i32" (global $i32 i32))
  (import "spectest" "global_i64" (global $i64 i64))
  (import "spectest" "global_f32" (global $f32 f32))
  (import "spectest" "global_f64" (global $f64 f64))
  (import "spectest" "table" (table 10 20 funcref))
  (import "spectest" "table64" (table i64 10 20 funcref))
  (import "spectest" "memory" (memory 1 2))
  (import "spectest" "shared_memory" (memory 1 2 shared))
  (func (export "print")
    (call $print)
    (call $print_i32 (global.get $i32))
    (call $print_i64 (global.get $i64))
    (call $print_f32 (global.get $f32))
    (call $print_f64 (global.get $f64))
    (call $print_i32_f32 (i32.const 1) (f32.const 2))
    (call $print_f64_f64 (f64.const 1) (f64.const 2)))
  (func (export "i32") (result i32) (global.get $i32))
  (func (export "f32") (result f32) (global.get $f32)))
(invoke "print")
(assert_return (invoke "i32") (i32.const 666))
(assert_return (invoke "f32") (f32.const 666.6))

(module binary "\00asm" "\01\00\00\00")
(module quote "(func (export \"f\") (result i32)" "(i32.const 4))")
(assert_return (invoke "f") (i32.const 4))
