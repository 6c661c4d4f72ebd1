;; Resource types that must be equal: `(type (eq $r))` in imports, in exports and in the arguments of instantiations.

;; The host supplies one type under two names, and need supply it under the first only.
(component (import "host" (instance (export "resource1" (type $r (sub resource))) (export "resource1-again" (type (eq $r))))))
(component (import "host" (instance (export "resource1" (type $r (sub resource))) (export "no-such-name" (type (eq $r))))))
(component
  (import "host" (instance
    (export "resource1" (type (sub resource)))
    (export "resource2" (type (sub resource)))
    (export "resource1-again" (type (sub resource))))))
(assert_unlinkable
  (component (import "host" (instance (export "resource1" (type $r (sub resource))) (export "resource2" (type (eq $r))))))
  "mismatched resource types")
(assert_unlinkable
  (component (import "host" (instance
    (export "resource1" (type $one (sub resource)))
    (export "resource2" (type $two (sub resource)))
    (export "resource1-again" (type (eq $two))))))
  "mismatched resource types")
(assert_unlinkable
  (component (import "host" (instance (export "resource1" (type $r (sub resource))) (export "return-three" (type (eq $r))))))
  "expected resource found func")

;; Each instance of a component has a type of its own, by whatever name it is imported.
(component definition $Defines
  (type $r' (resource (rep i32)))
  (export $r "r" (type $r'))
  (export "same" (type $r)))
(component instance $one $Defines)
(component instance $two $Defines)
(component
  (import "one" (instance $one (export "r" (type $r (sub resource))) (export "same" (type (eq $r)))))
  (alias export $one "r" (type $r))
  (import "r" (type (eq $r))))
(component
  (import "one" (instance $one (export "same" (type $r (sub resource))) (export "r" (type (eq $r))))))
(assert_unlinkable
  (component
    (import "one" (instance $one (export "r" (type (sub resource)))))
    (alias export $one "r" (type $r))
    (import "two" (instance (export "r" (type (eq $r))))))
  "mismatched resource types")
(assert_unlinkable
  (component
    (import "two" (instance $two (export "r" (type (sub resource)))))
    (alias export $two "r" (type $r))
    (import "one" (instance (export "same" (type (eq $r))))))
  "mismatched resource types")

;; A component that exports again what it imports exports the same type.
(component $again
  (import "one" (instance $one (export "r" (type (sub resource)))))
  (alias export $one "r" (type $r))
  (export "by-another-name" (type $r)))
(component
  (import "again" (instance $again (export "by-another-name" (type (sub resource)))))
  (alias export $again "by-another-name" (type $r))
  (import "again-too" (type (eq $r))))

;; Within a component: the arguments of an instantiation.
(component
  (component $Defines
    (type $r (resource (rep i32)))
    (export "r" (type $r)))
  (instance $one (instantiate $Defines))
  (alias export $one "r" (type $r))
  (component $Wants
    (import "a" (type $a (sub resource)))
    (import "b" (type (eq $a))))
  (instance (instantiate $Wants (with "a" (type $r)) (with "b" (type $r)))))
(assert_invalid
  (component
    (component $Defines
      (type $r (resource (rep i32)))
      (export "r" (type $r)))
    (instance $one (instantiate $Defines))
    (instance $two (instantiate $Defines))
    (alias export $one "r" (type $r))
    (alias export $two "r" (type $s))
    (component $Wants
      (import "a" (type $a (sub resource)))
      (import "b" (type (eq $a))))
    (instance (instantiate $Wants (with "a" (type $r)) (with "b" (type $s)))))
  "resource types are not the same")
(assert_invalid
  (component
    (component $Wants (import "a" (type (sub resource))))
    (type $t u32)
    (instance (instantiate $Wants (with "a" (type $t)))))
  "expected resource, found")

;; Exports with a type of their own.
(component
  (component $Inner
    (type $r (resource (rep i32)))
    (export "r" (type $r) (type (eq $r))))
  (instance $inner (instantiate $Inner))
  (alias export $inner "r" (type $r))
  (core func $drop (canon resource.drop $r)))
(assert_invalid
  (component
    (component $Inner (type $r (resource (rep i32))) (export "r" (type $r)))
    (instance $inner (instantiate $Inner))
    (alias export $inner "r" (type $r))
    (core func (canon resource.new $r)))
  "not a local resource")
(assert_invalid
  (component
    (type $r (resource (rep i32)))
    (type $s (resource (rep i32)))
    (export "r" (type $r) (type (eq $s))))
  "ascribed type of export is not compatible")
(assert_invalid
  (component (type $l (resource (rep i32))) (import "x" (type (eq $l))))
  "local resource type found in imports")
