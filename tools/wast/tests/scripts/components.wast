;; Components: definitions and instances, values, traps.

(component $sum
  (core module $m (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (core instance $i (instantiate $m))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add"))))
(assert_return (invoke "add" (u32.const 1) (u32.const 2)) (u32.const 3))

(component definition $counter
  (core module $m
    (global $count (mut i32) (i32.const 0))
    (func (export "next") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (global.get $count)))
  (core instance $i (instantiate $m))
  (func (export "next") (result u32) (canon lift (core func $i "next"))))
(component instance $first $counter)
(component instance $second $counter)
(assert_return (invoke "next") (u32.const 1))
(assert_return (invoke $second "next") (u32.const 2))
(assert_return (invoke $first "next") (u32.const 1))
(assert_return (invoke $sum "add" (u32.const 4) (u32.const 5)) (u32.const 9))

(component
  (core module $m
    (memory (export "memory") 1)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $free)
      (global.set $free (i32.add (global.get $free) (i32.const 1024))))
    ;; A pointer and a length, or two fields of a record, come back as they are: at address 0.
    (func (export "pair") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0))
    (func (export "same") (param i32) (result i32) (local.get 0))
    (func (export "f64") (param f64) (result f64) (local.get 0))
    (func (export "option") (param i32 i32) (result i32)
      (i32.store8 (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  (type $point' (record (field "x" u32) (field "y" u32)))
  (export $point "point" (type $point'))
  (type $color' (enum "red" "green"))
  (export $color "color" (type $color'))
  (type $modes' (flags "read" "write"))
  (export $modes "modes" (type $modes'))
  (func (export "string") (param "s" string) (result string)
    (canon lift (core func $i "pair") (memory $i "memory") (realloc (func $i "realloc"))))
  (func (export "list") (param "l" (list u8)) (result (list u8))
    (canon lift (core func $i "pair") (memory $i "memory") (realloc (func $i "realloc"))))
  (func (export "same-point") (param "p" $point) (result $point)
    (canon lift (core func $i "pair") (memory $i "memory")))
  (func (export "tuple") (param "p" (tuple u32 s32)) (result (tuple u32 s32))
    (canon lift (core func $i "pair") (memory $i "memory")))
  (func (export "option") (param "o" (option u32)) (result (option u32))
    (canon lift (core func $i "option") (memory $i "memory")))
  (func (export "same-color") (param "c" $color) (result $color) (canon lift (core func $i "same")))
  (func (export "same-modes") (param "m" $modes) (result $modes) (canon lift (core func $i "same")))
  (func (export "result") (param "r" (result)) (result (result)) (canon lift (core func $i "same")))
  (func (export "bool") (param "b" bool) (result bool) (canon lift (core func $i "same")))
  (func (export "char") (param "c" char) (result char) (canon lift (core func $i "same")))
  (func (export "f64") (param "f" f64) (result f64) (canon lift (core func $i "f64"))))
(assert_return (invoke "string" (str.const "text")) (str.const "text"))
(assert_return (invoke "list" (list.const (u8.const 1) (u8.const 2))) (list.const (u8.const 1) (u8.const 2)))
(assert_return
  (invoke "same-point" (record.const (field "x" u32.const 1) (field "y" u32.const 2)))
  (record.const (field "x" u32.const 1) (field "y" u32.const 2)))
(assert_return
  (invoke "tuple" (tuple.const (u32.const 1) (s32.const -2)))
  (tuple.const (u32.const 1) (s32.const -2)))
(assert_return (invoke "option" (option.some (u32.const 8))) (option.some (u32.const 8)))
(assert_return (invoke "option" (option.none)) (option.none))
(assert_return (invoke "same-color" (enum.const "green")) (enum.const "green"))
(assert_return (invoke "same-modes" (flags.const "read" "write")) (flags.const "read" "write"))
(assert_return (invoke "result" (result.err)) (result.err))
(assert_return (invoke "result" (result.ok)) (result.ok))
(assert_return (invoke "bool" (bool.const true)) (bool.const true))
(assert_return (invoke "char" (char.const "x")) (char.const "x"))
(assert_return (invoke "f64" (f64.const -1.5)) (f64.const -1.5))
(assert_return (invoke "f64" (f64.const nan)) (f64.const nan:canonical))

;; A trap locks the instance, and no other.
(component definition $trap
  (core module $m (func (export "trap") (unreachable)) (func (export "well")))
  (core instance $i (instantiate $m))
  (func (export "trap") (canon lift (core func $i "trap")))
  (func (export "well") (canon lift (core func $i "well"))))
(component instance $one $trap)
(component instance $other $trap)
(invoke $one "well")
(assert_trap (invoke $one "trap") "unreachable")
(assert_trap (invoke $one "well") "cannot enter component instance")
(invoke $other "well")

;; A component can import core modules that another exports.
(component $modules (core module (export "m") (func (export "f") (result i32) (i32.const 6))))
(register "modules" $modules)
(component
  (import "modules" (instance $modules (export "m" (core module (export "f" (func (result i32)))))))
  (alias export $modules "m" (core module $m))
  (core instance $i (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
(assert_return (invoke "f") (u32.const 6))

;; It can import the functions of another, and not its resources: each instance has a store of its own.
(component $resources
  (type $r' (resource (rep i32)))
  (export $r "r" (type $r'))
  (core func $new (canon resource.new $r'))
  (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $new)))
  (core module $m (func (export "f") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
(register "resources" $resources)
(component
  (import "resources" (instance $resources (export "f" (func (result u32)))))
  (core func $f (canon lower (func $resources "f")))
  (func (export "f") (result u32) (canon lift (core func $f))))
(assert_return (invoke "f") (u32.const 7))
(assert_unlinkable
  (component
    (import "resources" (instance $resources
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r)))))))
  "components can import functions of the instance `resources`, but not its resources")

(assert_unlinkable (component (import "nothing" (func))) "")
(assert_invalid (component (core instance (instantiate 0))) "unknown module")
(assert_malformed (component quote "(nonsense)") "unexpected token")
(component quote "(core module)")
