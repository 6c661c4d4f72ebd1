;; Components import core modules that instances of the script export.

(component $lib
  (core module $counter
    (memory (export "memory") 1)
    (table (export "table") 2 funcref)
    (global $count (export "count") (mut i32) (i32.const 0))
    (global (export "answer") i32 (i32.const 42))
    (data (i32.const 8) "text")
    (elem (i32.const 1) func $count)
    (func $count (export "next") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (global.get $count))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
  (core module $calls
    ;; In another order than importers list these.
    (import "env" "second" (func $second (param i32) (result i32)))
    (import "" "memory" (memory 1))
    (import "env" "first" (func $first (param i32) (result i32)))
    (func (export "both") (param i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.add
        (call $first (i32.load (i32.const 0)))
        (i32.mul (i32.const 100) (call $second (i32.load (i32.const 0)))))))
  (core module $started
    (import "" "count" (global $count (mut i32)))
    (func $start (global.set $count (i32.const 30)))
    (start $start))
  (export "counter" (core module $counter))
  (export "calls" (core module $calls))
  (export "started" (core module $started))
  (component $inner
    (core module $m (func (export "f") (result i32) (i32.const 7)))
    (export "m" (core module $m))
    (core instance $i (instantiate $m))
    (func (export "seven") (result u32) (canon lift (core func $i "f"))))
  (instance $inner (instantiate $inner))
  (export "inner" (instance $inner)))

;; Two instances of one module, each with its own state. A lifted string is in the module's memory.
(component $two
  (import "lib" (instance $lib
    (export "counter" (core module
      (export "memory" (memory 1))
      (export "next" (func (result i32)))
      (export "realloc" (func (param i32 i32 i32 i32) (result i32)))
      (export "answer" (global i32))))))
  (alias export $lib "counter" (core module $counter))
  (core instance $a (instantiate $counter))
  (core instance $b (instantiate $counter))
  (alias core export $a "memory" (core memory $memory))
  (core module $m
    (import "a" "memory" (memory 1))
    (import "a" "answer" (global $answer i32))
    (func (export "text") (result i32)
      (i32.store (i32.const 16) (i32.const 8))
      (i32.store (i32.const 20) (i32.const 4))
      (i32.const 16))
    (func (export "length") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "answer") (result i32) (global.get $answer)))
  (core instance $m (instantiate $m (with "a" (instance $a))))
  (func (export "a") (result u32) (canon lift (core func $a "next")))
  (func (export "b") (result u32) (canon lift (core func $b "next")))
  (func (export "answer") (result u32) (canon lift (core func $m "answer")))
  (func (export "text") (result string) (canon lift (core func $m "text") (memory $memory)))
  (func (export "length") (param "s" string) (result u32)
    (canon lift (core func $m "length") (memory $memory) (realloc (func $a "realloc")))))
(assert_return (invoke "a") (u32.const 1))
(assert_return (invoke "a") (u32.const 2))
(assert_return (invoke "b") (u32.const 1))
(assert_return (invoke "answer") (u32.const 42))
(assert_return (invoke "text") (str.const "text"))
(assert_return (invoke "length" (str.const "abc")) (u32.const 67))

;; The module imports from the component that instantiates it, a memory among others.
(component
  (import "lib" (instance $lib
    (export "calls" (core module
      (import "env" "first" (func (param i32) (result i32)))
      (import "env" "second" (func (param i32) (result i32)))
      (import "" "memory" (memory 1))
      (export "both" (func (param i32) (result i32)))))))
  (alias export $lib "calls" (core module $calls))
  (core module $env
    (memory (export "memory") 1)
    (func (export "first") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func (export "second") (param i32) (result i32) (i32.add (local.get 0) (i32.const 2))))
  (core instance $env (instantiate $env))
  (core instance $calls (instantiate $calls (with "env" (instance $env)) (with "" (instance $env))))
  (func (export "both") (param "n" u32) (result u32) (canon lift (core func $calls "both"))))
(assert_return (invoke "both" (u32.const 5)) (u32.const 706))

;; A table, a mutable global, and a start function that writes it.
(component
  (import "lib" (instance $lib
    (export "started" (core module (import "" "count" (global (mut i32)))))
    (export "counter" (core module
      (export "count" (global (mut i32)))
      (export "table" (table 2 funcref))))))
  (alias export $lib "started" (core module $started))
  (alias export $lib "counter" (core module $counter))
  (core instance $counter (instantiate $counter))
  (core instance (instantiate $started (with "" (instance $counter))))
  (core module $m
    (import "" "table" (table $table 2 funcref))
    (import "" "count" (global $count (mut i32)))
    (type $f (func (result i32)))
    (func (export "next") (result i32) (call_indirect $table (type $f) (i32.const 1)))
    (func (export "set") (param i32)
      (global.set $count (local.get 0))
      (table.set $table (i32.const 0) (table.get $table (i32.const 1)))
      (table.set $table (i32.const 1) (ref.null func))))
  (core instance $m (instantiate $m (with "" (instance $counter))))
  (func (export "next") (result u32) (canon lift (core func $m "next")))
  (func (export "set") (param "n" u32) (canon lift (core func $m "set"))))
(assert_return (invoke "next") (u32.const 31))
(assert_return (invoke "next") (u32.const 32))
(assert_return (invoke "set" (u32.const 5)))
(assert_trap (invoke "next") "uninitialized element")

;; In an instance that is in an instance, beside a function of it; the instance goes to a nested component.
(component
  (import "lib" (instance $lib
    (export "inner" (instance
      (export "m" (core module (export "f" (func (result i32)))))
      (export "seven" (func (result u32)))))))
  (alias export $lib "inner" (instance $inner))
  (component $c
    (import "i" (instance $i
      (export "m" (core module (export "f" (func (result i32)))))
      (export "seven" (func (result u32)))))
    (alias export $i "m" (core module $m))
    (core func $seven (canon lower (func $i "seven")))
    (core instance $m (instantiate $m))
    (core module $add
      (import "" "f" (func $f (result i32)))
      (import "" "seven" (func $seven (result i32)))
      (func (export "sum") (result i32) (i32.add (call $f) (call $seven))))
    (core instance $add (instantiate $add
      (with "" (instance (export "f" (func $m "f")) (export "seven" (func $seven))))))
    (func (export "sum") (result u32) (canon lift (core func $add "sum"))))
  (instance $c (instantiate $c (with "i" (instance $inner))))
  (export "sum" (func $c "sum")))
(assert_return (invoke "sum") (u32.const 14))

;; A component passes on what it imports.
(component $again
  (import "lib" (instance $lib
    (export "counter" (core module
      (export "next" (func (result i32)))
      (export "answer" (global i32))))))
  (alias export $lib "counter" (core module $counter))
  (export "again" (core module $counter)))
(component
  (import "again" (instance $again
    (export "again" (core module (export "next" (func (result i32)))))))
  (alias export $again "again" (core module $m))
  (core instance $i (instantiate $m))
  (func (export "next") (result u32) (canon lift (core func $i "next"))))
(assert_return (invoke "next") (u32.const 1))

;; One that the component only imports, and one whose instance nothing uses.
(component
  (import "lib" (instance $lib
    (export "counter" (core module (export "next" (func (result i32)))))
    (export "started" (core module (import "" "count" (global (mut i32))))))))
(component
  (import "lib" (instance $lib (export "counter" (core module))))
  (alias export $lib "counter" (core module $counter))
  (core instance (instantiate $counter)))

;; What does not match is refused when the component is linked.
(assert_unlinkable
  (component
    (import "lib" (instance $lib (export "counter" (core module (export "absent" (func)))))))
  "absent")
(assert_unlinkable
  (component
    (import "lib" (instance $lib (export "counter" (core module (export "next" (func (result i64))))))))
  "next")
(assert_unlinkable
  (component
    (import "lib" (instance $lib (export "counter" (core module (export "next" (global i32)))))))
  "next")
(assert_unlinkable
  (component
    (import "lib" (instance $lib (export "counter" (core module (export "memory" (memory 2)))))))
  "memory")
(assert_unlinkable
  (component
    (import "lib" (instance $lib (export "counter" (core module (export "memory" (memory i64 1)))))))
  "memory")
(assert_unlinkable
  (component
    (import "lib" (instance $lib (export "calls" (core module
      (import "env" "first" (func (param i32) (result i32)))
      (import "" "memory" (memory 1)))))))
  "second")
(assert_unlinkable
  (component
    (import "lib" (instance $lib (export "calls" (core module
      (import "env" "first" (func (param i32) (result i32)))
      (import "env" "second" (func (param i64) (result i32)))
      (import "" "memory" (memory 1)))))))
  "second")
(assert_unlinkable
  (component (import "lib" (instance $lib (export "nothing" (core module)))))
  "nothing")
(assert_unlinkable
  (component (import "lib" (instance $lib (export "inner" (core module)))))
  "inner")
(assert_unlinkable
  (component (import "lib" (instance $lib (export "counter" (func)))))
  "counter")
