;; Core instances: what they share, what each has for itself, and the order in which they start.

;; Each core instance has its own globals, memory and table.
(component
  (core module $M
    (type $get (func (result i32)))
    (memory 1)
    (table 1 funcref)
    (global $g (mut i32) (i32.const 0))
    (func $old (result i32) (i32.const 10))
    (func $new (result i32) (i32.const 20))
    (elem (i32.const 0) func $old)
    (elem declare func $new)
    (func (export "set") (param i32)
      (global.set $g (local.get 0))
      (i32.store (i32.const 0) (local.get 0))
      (table.set (i32.const 0) (ref.func $new)))
    (func (export "sum") (result i32)
      (i32.add (i32.add (global.get $g) (i32.load (i32.const 0))) (call_indirect (type $get) (i32.const 0)))))
  (core instance $a (instantiate $M))
  (core instance $b (instantiate $M))
  (func (export "set-a") (param "n" u32) (canon lift (core func $a "set")))
  (func (export "sum-a") (result u32) (canon lift (core func $a "sum")))
  (func (export "sum-b") (result u32) (canon lift (core func $b "sum"))))
(assert_return (invoke "sum-a") (u32.const 10))
(invoke "set-a" (u32.const 1))
(assert_return (invoke "sum-a") (u32.const 22))
(assert_return (invoke "sum-b") (u32.const 10))

;; Everything that a core module can import, by other names and from several instances.
(component
  (core module $A
    (func (export "f") (result i32) (i32.const 3))
    (table (export "t") 2 funcref)
    (memory (export "m") 1)
    (global (export "g") i32 (i32.const 4)))
  (core module $B
    (global (export "n") (mut i32) (i32.const 100)))
  (core instance $a (instantiate $A))
  (core instance $b (instantiate $B))
  (core instance $mixed
    (export "1" (func $a "f"))
    (export "2" (table $a "t"))
    (export "3" (memory $a "m"))
    (export "4" (global $a "g"))
    (export "5" (global $b "n")))
  (core module $Uses
    (import "x" "1" (func $f (result i32)))
    (import "x" "2" (table 1 funcref))
    (import "x" "3" (memory 1))
    (import "x" "4" (global $g i32))
    (import "x" "5" (global $n (mut i32)))
    (elem (i32.const 1) func $f)
    (data (i32.const 16) "\05")
    (func $start (global.set $n (i32.add (global.get $n) (i32.const 1))))
    (start $start)
    (func (export "sum") (result i32)
      (i32.add (i32.add (call_indirect (result i32) (i32.const 1)) (global.get $g))
        (i32.add (global.get $n) (i32.load8_u (i32.const 16))))))
  (core instance $one (instantiate $Uses (with "x" (instance $mixed))))
  (core instance $other (instantiate $Uses (with "x" (instance $mixed))))
  (func (export "one") (result u32) (canon lift (core func $one "sum")))
  (func (export "other") (result u32) (canon lift (core func $other "sum"))))
(assert_return (invoke "one") (u32.const 114))
(assert_return (invoke "other") (u32.const 114))

;; Segments and start functions run instance by instance, in the order of the definitions.
(component definition $Order
  (core module $Log
    (memory (export "memory") 1)
    (global $at (mut i32) (i32.const 0))
    (func (export "append") (param i32)
      (i32.store8 offset=16 (global.get $at) (local.get 0))
      (global.set $at (i32.add (global.get $at) (i32.const 1))))
    (func (export "read") (result i32)
      (i32.store (i32.const 0) (i32.const 16))
      (i32.store (i32.const 4) (global.get $at))
      (i32.const 0)))
  (core module $Step
    (import "log" "append" (func $append (param i32)))
    (import "log" "memory" (memory 1))
    (import "id" "n" (global $id i32))
    (func $start
      (call $append (global.get $id))
      ;; What the segment of this instance wrote, and not that of a later one.
      (call $append (i32.load8_u (i32.const 1024)))
      (i32.store8 (i32.const 1024) (i32.add (global.get $id) (i32.const 64))))
    (data (i32.const 1024) "=")
    (start $start))
  (core module $A (global (export "n") i32 (i32.const 97)))
  (core module $B (global (export "n") i32 (i32.const 98)))
  (core instance $log (instantiate $Log))
  (core instance $a (instantiate $A))
  (core instance $b (instantiate $B))
  (core instance (instantiate $Step (with "log" (instance $log)) (with "id" (instance $b))))
  (core instance (instantiate $Step (with "log" (instance $log)) (with "id" (instance $a))))
  (core instance (instantiate $Step (with "log" (instance $log)) (with "id" (instance $b))))
  (func (export "log") (result string)
    (canon lift (core func $log "read") (memory (core memory $log "memory")))))
(component instance $order $Order)
(assert_return (invoke $order "log") (str.const "b=a=b="))
(component instance $again $Order)
(assert_return (invoke $again "log") (str.const "b=a=b="))

;; A start function that calls another component.
(component
  (component $Counter
    (core module $M
      (global $n (mut i32) (i32.const 40))
      (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n)))
    (core instance $m (instantiate $M))
    (func (export "next") (result u32) (canon lift (core func $m "next"))))
  (component $Starts
    (import "next" (func $next (result u32)))
    (core func $next (canon lower (func $next)))
    (core module $M
      (import "" "next" (func $next (result i32)))
      (global $seen (mut i32) (i32.const 0))
      (func $start (global.set $seen (call $next)))
      (start $start)
      (func (export "seen") (result i32) (global.get $seen)))
    (core instance $m (instantiate $M (with "" (instance (export "next" (func $next))))))
    (func (export "seen") (result u32) (canon lift (core func $m "seen"))))
  (instance $counter (instantiate $Counter))
  (instance $first (instantiate $Starts (with "next" (func $counter "next"))))
  (instance $second (instantiate $Starts (with "next" (func $counter "next"))))
  (export "first" (func $first "seen"))
  (export "second" (func $second "seen")))
(assert_return (invoke "first") (u32.const 41))
(assert_return (invoke "second") (u32.const 42))

;; Traps while instances are made.
(assert_trap
  (component
    (core module $M (func $start (unreachable)) (start $start))
    (core instance (instantiate $M)))
  "unreachable")
(assert_trap
  (component
    (core module $M (memory 1) (data (i32.const 65536) "x"))
    (core instance (instantiate $M)))
  "out of bounds memory access")
(assert_trap
  (component
    (core module $M (table 1 funcref) (func $f) (elem (i32.const 1) func $f))
    (core instance (instantiate $M)))
  "out of bounds table access")
(assert_trap
  (component
    (component $Inner
      (core module $M
        (func $start (drop (i32.div_u (i32.const 1) (i32.const 0))))
        (start $start))
      (core instance (instantiate $M)))
    (instance (instantiate $Inner)))
  "integer divide by zero")

;; What lacks is not linked.
(assert_unlinkable (component (import "undefined" (core module))) "expected module found nothing")
(assert_unlinkable (component (import "undefined" (func))) "")
(assert_unlinkable (component (import "undefined" (instance (export "f" (func))))) "")
