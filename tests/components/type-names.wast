;; Which types must have names: those that imported and exported functions refer to.

(component
  (type $t' (record (field "x" u32)))
  (export $t "t" (type $t'))
  (core module $M
    (memory (export "m") 1)
    (func (export "f") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $M))
  (func (export "f") (param "t" $t) (result u32) (canon lift (core func $m "f"))))
(assert_return (invoke "f" (record.const (field "x" u32.const 9))) (u32.const 9))

(assert_invalid
  (component
    (type $t (record (field "x" u32)))
    (core module $M (func (export "f") (param i32)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "t" $t) (canon lift (core func $m "f"))))
  "func not valid to be used as export")
(assert_invalid
  (component (type $t (flags "a")) (import "f" (func (param "t" $t))))
  "func not valid to be used as import")
(assert_invalid
  (component (type $t (enum "a")) (type $l (list $t)) (export "l" (type $l)))
  "type not valid to be used as export")
;; Lists, options, tuples and results need no names, but what is in them does.
(component
  (type $e' (enum "a" "b"))
  (export $e "e" (type $e'))
  (core module $M (func (export "f") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (core instance $m (instantiate $M))
  (func (export "f") (param "e" (option $e)) (result u32) (canon lift (core func $m "f"))))
(assert_return (invoke "f" (option.none)) (u32.const 0))
(assert_return (invoke "f" (option.some (enum.const "b"))) (u32.const 2))
(assert_invalid
  (component
    (type $e (enum "a" "b"))
    (core module $M (func (export "f") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "e" (option $e)) (canon lift (core func $m "f"))))
  "func not valid to be used as export")

;; A type by the name of another instance's.
(component
  (component $C
    (type $t' (variant (case "none") (case "some" u32)))
    (export $t "t" (type $t'))
    (core module $M (func (export "f") (param i32 i32) (result i32) (i32.mul (local.get 0) (local.get 1))))
    (core instance $m (instantiate $M))
    (func (export "f") (param "t" $t) (result u32) (canon lift (core func $m "f"))))
  (instance $c (instantiate $C))
  (export $out "c" (instance $c))
  (alias export $out "t" (type $t))
  (export "of-c" (type $t))
  (export "f" (func $c "f")))
(assert_return (invoke "f" (variant.const "some" (u32.const 8))) (u32.const 8))
(assert_return (invoke "f" (variant.const "none")) (u32.const 0))

;; Names of imports and exports.
(component
  (component $C)
  (instance $c (instantiate $C))
  (export "a-b-c1" (instance $c))
  (export "AB-c" (instance $c)))
(assert_invalid (component (component $C) (export "A_b" (component $C))) "not in kebab case")
(assert_invalid (component (component $C) (export "" (component $C))) "not in kebab case")
(assert_invalid (component (component $C) (export "a--b" (component $C))) "not in kebab case")
(assert_invalid
  (component (component $C) (export "a" (component $C)) (export "A" (component $C)))
  "conflicts with previous name")
(assert_invalid (component (import "a" (func)) (import "a" (func))) "conflicts with previous name")
(component (import "a:b/c@1.2.3" (instance)) (import "a:b/c@1.2.4" (instance)) (import "a:b/c" (instance)))
(assert_invalid (component (import "a:b/c@1.2" (instance))) "invalid interface version")
(assert_invalid (component (import "a:b/c@" (instance))) "empty string")
(assert_invalid (component (import "[method]r.f" (func (param "self" u32)))) "is not valid")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[constructor]r" (func (result u32))))
  "should return")
(component definition
  (import "r" (type $r (sub resource)))
  (import "[constructor]r" (func (result (own $r))))
  (import "[method]r.f" (func (param "self" (borrow $r))))
  (import "[static]r.g" (func)))
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[method]r.f" (func (param "it" (borrow $r)))))
  "should have a first argument called `self`")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[method]s.f" (func (param "self" (borrow $r)))))
  "does not match expected resource name")
(assert_invalid
  (component (type (func (param "a" u32) (param "A" u32))))
  "conflicts with previous parameter name")
(assert_invalid (component (type (record (field "a" u32) (field "a" u32)))) "conflicts with previous field name")
(assert_invalid (component (type (variant (case "a") (case "A")))) "conflicts with previous case name")
(assert_invalid (component (type (enum "a" "a"))) "conflicts with previous tag name")
(assert_invalid (component (type (flags "a" "a"))) "conflicts with previous flag name")
(assert_invalid (component (type (record))) "at least one field")
(assert_invalid (component (type (variant))) "at least one case")
(assert_invalid (component (type (enum))) "at least one")
(assert_invalid (component (type (flags))) "at least one")
(assert_invalid (component (type (tuple))) "at least one type")
(assert_invalid
  (component (type (flags
    "a1" "a2" "a3" "a4" "a5" "a6" "a7" "a8" "b1" "b2" "b3" "b4" "b5" "b6" "b7" "b8"
    "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "d1" "d2" "d3" "d4" "d5" "d6" "d7" "d8" "e1")))
  "cannot have more than 32 flags")
