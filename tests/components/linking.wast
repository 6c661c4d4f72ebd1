;; Components that import what the instances of other components export.

;; A named instance can be imported by its name, and any instance by the name that `register` gives it.
(component definition $Counter
  (core module $M
    (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (global.get $n)))
  (core instance $m (instantiate $M))
  (func $next (result u32) (canon lift (core func $m "next")))
  (export "next" (func $next))
  (instance $inner (export "next" (func $next)))
  (export "inner" (instance $inner)))
(component instance $one $Counter)
(component instance $other $Counter)
(register "counter" $other)

(component definition $Uses
  (import "one" (instance $one (export "next" (func (result u32)))))
  (import "counter" (instance $other
    (export "next" (func (result u32)))
    (export "inner" (instance (export "next" (func (result u32)))))))
  (alias export $other "inner" (instance $inner))
  (core func $one (canon lower (func $one "next")))
  (core func $other (canon lower (func $other "next")))
  (core func $inner (canon lower (func $inner "next")))
  (core module $M
    (import "" "one" (func $one (result i32)))
    (import "" "other" (func $other (result i32)))
    (import "" "inner" (func $inner (result i32)))
    (func (export "both") (result i32)
      (i32.add (i32.mul (i32.const 100) (call $one)) (i32.mul (call $other) (call $inner)))))
  (core instance $m (instantiate $M (with "" (instance
    (export "one" (func $one)) (export "other" (func $other)) (export "inner" (func $inner))))))
  (func (export "both") (result u32) (canon lift (core func $m "both"))))
(component instance $uses $Uses)
(component instance $also $Uses)
(assert_return (invoke $uses "both") (u32.const 102))
(assert_return (invoke $also "both") (u32.const 212))
(assert_return (invoke $one "next") (u32.const 3))
(assert_return (invoke $other "next") (u32.const 5))

;; Values go from one instance to another.
(component $echo
  (type $shape' (variant (case "none") (case "text" string)))
  (export $shape "shape" (type $shape'))
  (core module $M
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 64))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $next)
      (global.set $next (i32.and (i32.add (i32.add (global.get $next) (local.get 3)) (i32.const 7)) (i32.const -8))))
    (func (export "same") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0)))
  (core instance $m (instantiate $M))
  (func (export "shapes") (param "v" (list $shape)) (result (list $shape))
    (canon lift (core func $m "same") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
(component
  (import "echo" (instance $echo
    (type $shape' (variant (case "none") (case "text" string)))
    (export "shape" (type $shape (eq $shape')))
    (export "shapes" (func (param "v" (list $shape)) (result (list $shape))))))
  (alias export $echo "shape" (type $shape))
  (core module $Libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 64))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $next)
      (global.set $next (i32.and (i32.add (i32.add (global.get $next) (local.get 3)) (i32.const 7)) (i32.const -8)))))
  (core instance $libc (instantiate $Libc))
  (core func $shapes (canon lower (func $echo "shapes") (memory (core memory $libc "memory"))
    (realloc (core func $libc "realloc"))))
  (core module $M
    (import "" "shapes" (func $shapes (param i32 i32 i32)))
    (func (export "shapes") (param i32 i32) (result i32)
      (call $shapes (local.get 0) (local.get 1) (i32.const 0))
      (i32.const 0)))
  (core instance $m (instantiate $M (with "" (instance (export "shapes" (func $shapes))))))
  (export $own "shape" (type $shape))
  (func (export "shapes") (param "v" (list $own)) (result (list $own))
    (canon lift (core func $m "shapes") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
(assert_return
  (invoke "shapes" (list.const (variant.const "none") (variant.const "text" (str.const "weft"))))
  (list.const (variant.const "none") (variant.const "text" (str.const "weft"))))

;; A trap in the instance that is called ends both.
(component $traps
  (core module $M (func (export "trap") (unreachable)) (func (export "well")))
  (core instance $m (instantiate $M))
  (func (export "trap") (canon lift (core func $m "trap")))
  (func (export "well") (canon lift (core func $m "well"))))
(component $caller
  (import "traps" (instance $traps (export "trap" (func)) (export "well" (func))))
  (core func $trap (canon lower (func $traps "trap")))
  (core func $well (canon lower (func $traps "well")))
  (core module $M
    (import "" "trap" (func $trap))
    (import "" "well" (func $well))
    (func (export "trap") (call $trap))
    (func (export "well") (call $well)))
  (core instance $m (instantiate $M (with "" (instance (export "trap" (func $trap)) (export "well" (func $well))))))
  (func (export "trap") (canon lift (core func $m "trap")))
  (func (export "well") (canon lift (core func $m "well"))))
(invoke $caller "well")
(assert_trap (invoke $caller "trap") "unreachable")
(assert_trap (invoke $caller "well") "cannot enter component instance")
(assert_trap (invoke $traps "well") "cannot enter component instance")

;; What lacks, or is of another kind.
(assert_unlinkable (component (import "one" (core module))) "")
(assert_unlinkable (component (import "one" (func))) "")
(assert_unlinkable (component (import "one" (instance (export "nothing" (func))))) "")
(assert_unlinkable (component (import "undefined" (core module))) "expected module found nothing")
