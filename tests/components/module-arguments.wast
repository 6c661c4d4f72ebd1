;; Core modules as arguments of components, with imports of their own.

;; The component that gets the module decides what it imports.
(component
  (component $Instantiates
    (import "m" (core module $M
      (import "env" "f" (func (param i32) (result i32)))
      (import "env" "memory" (memory 1))
      (export "run" (func (param i32) (result i32)))))
    (core module $Env
      (memory (export "memory") 1)
      (data (i32.const 0) "\07")
      (func (export "f") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3))))
    (core instance $env (instantiate $Env))
    (core instance $m (instantiate $M (with "env" (instance $env))))
    (func (export "run") (param "n" u32) (result u32) (canon lift (core func $m "run"))))
  ;; It uses only one of the two.
  (core module $Module
    (import "env" "f" (func $f (param i32) (result i32)))
    (func (export "run") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1)))
    (func (export "more")))
  (core module $Reads
    (import "env" "memory" (memory 1))
    (func (export "run") (param i32) (result i32) (i32.add (i32.load8_u (i32.const 0)) (local.get 0))))
  (instance $one (instantiate $Instantiates (with "m" (core module $Module))))
  (instance $two (instantiate $Instantiates (with "m" (core module $Reads))))
  (export "one" (func $one "run"))
  (export "two" (func $two "run")))
(assert_return (invoke "one" (u32.const 5)) (u32.const 16))
(assert_return (invoke "two" (u32.const 5)) (u32.const 12))

;; Out of an instance that exports it again, and by way of instances that are put together.
(component
  (component $Defines
    (core module (export "m")
      (import "" "start" (global $start i32))
      (global $n (mut i32) (global.get $start))
      (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n))))
  (instance $defines (instantiate $Defines))
  (component $PassesOn
    (import "i" (instance $i
      (export "m" (core module (import "" "start" (global i32)) (export "next" (func (result i32)))))))
    (instance $inner (export "again" (core module $i "m")))
    (export "inner" (instance $inner)))
  (instance $passes-on (instantiate $PassesOn (with "i" (instance $defines))))
  (alias export $passes-on "inner" (instance $inner))
  (alias export $inner "again" (core module $M))
  (core module $Ten (global (export "start") i32 (i32.const 10)))
  (core module $Hundred (global (export "start") i32 (i32.const 100)))
  (core instance $ten (instantiate $Ten))
  (core instance $hundred (instantiate $Hundred))
  (core instance $a (instantiate $M (with "" (instance $ten))))
  (core instance $b (instantiate $M (with "" (instance $hundred))))
  (func (export "a") (result u32) (canon lift (core func $a "next")))
  (func (export "b") (result u32) (canon lift (core func $b "next"))))
(assert_return (invoke "a") (u32.const 11))
(assert_return (invoke "b") (u32.const 101))
(assert_return (invoke "a") (u32.const 12))

;; A component as an argument, which gets a module as its argument.
(component
  (component $Applies
    (import "c" (component $C
      (import "m" (core module (export "f" (func (result i32)))))
      (export "f" (func (result u32)))))
    (core module $M (func (export "f") (result i32) (i32.const 77)))
    (instance $c (instantiate $C (with "m" (core module $M))))
    (export "f" (func $c "f")))
  (component $Lifts
    (import "m" (core module $M (export "f" (func (result i32)))))
    (core instance $m (instantiate $M))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $applies (instantiate $Applies (with "c" (component $Lifts))))
  (export "f" (func $applies "f")))
(assert_return (invoke "f") (u32.const 77))

;; A start function with what it was given.
(assert_trap
  (component
    (component $Instantiates
      (import "m" (core module $M (import "" "g" (global i32))))
      (core module $G (global (export "g") i32 (i32.const 1)))
      (core instance $g (instantiate $G))
      (core instance (instantiate $M (with "" (instance $g)))))
    (core module $M
      (import "" "g" (global $g i32))
      (func $start (if (global.get $g) (then (unreachable))))
      (start $start))
    (instance (instantiate $Instantiates (with "m" (core module $M)))))
  "unreachable")

;; What does not fit.
(assert_invalid
  (component
    (component $C (import "m" (core module (export "f" (func (result i32))))))
    (core module $M (func (export "f") (result i64) (i64.const 0)))
    (instance (instantiate $C (with "m" (core module $M)))))
  "type mismatch")
(assert_invalid
  (component
    (component $C (import "m" (core module (export "f" (func)))))
    (core module $M)
    (instance (instantiate $C (with "m" (core module $M)))))
  "missing expected export `f`")
(assert_invalid
  (component
    (component $C (import "m" (core module)))
    (core module $M (import "" "f" (func)))
    (instance (instantiate $C (with "m" (core module $M)))))
  "missing expected import")
(assert_invalid
  (component
    (component $C (import "m" (core module (import "" "g" (global i32)))))
    (core module $M (import "" "g" (global (mut i32))))
    (instance (instantiate $C (with "m" (core module $M)))))
  "mismatch")
(assert_invalid
  (component
    (component $C (import "m" (core module (export "m" (memory 1 2)))))
    (core module $M (memory (export "m") 1))
    (instance (instantiate $C (with "m" (core module $M)))))
  "mismatch in memory limits")
(assert_invalid
  (component
    (component $C (import "m" (core module)))
    (instance (instantiate $C)))
  "missing import named `m`")
