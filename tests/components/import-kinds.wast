;; What the host has by an import's name is of another kind, or is missing.

(component $inside
  (component $Empty)
  (instance $empty (instantiate $Empty))
  (export "empty" (instance $empty)))
(component $items
  (core module $M (func (export "f")))
  (core instance $m (instantiate $M))
  (func (export "f") (canon lift (core func $m "f")))
  (type $r (resource (rep i32)))
  (export "r" (type $r)))

;; Instances without functions need not be there.
(component
  (import "nowhere" (instance))
  (import "nowhere-too" (instance (export "within" (instance)))))
(component (import "inside" (instance (export "empty" (instance)))))
;; A type that is no resource type needs no definition.
(component
  (type $text string)
  (import "text" (type (eq $text)))
  (import "items" (instance (type $t (list u8)) (export "bytes" (type (eq $t))))))

(assert_unlinkable (component (import "nowhere" (core module))) "expected module found nothing")
(assert_unlinkable (component (import "nowhere" (func))) "expected func found nothing")
(assert_unlinkable (component (import "nowhere" (type (sub resource)))) "was not found")
(assert_unlinkable (component (import "items" (instance (export "g" (func))))) "was not found")
(assert_unlinkable (component (import "items" (instance (export "s" (type (sub resource)))))) "was not found")
(assert_unlinkable (component (import "items" (instance (export "m" (core module))))) "was not found")

(assert_unlinkable (component (import "inside" (core module))) "expected module found instance")
(assert_unlinkable (component (import "inside" (func))) "expected func found instance")
(assert_unlinkable (component (import "items" (func))) "expected func found instance")
(assert_unlinkable (component (import "items" (type (sub resource)))) "expected resource found instance")
(assert_unlinkable (component (import "host-return-two" (instance))) "expected instance found func")
(assert_unlinkable (component (import "host-return-two" (core module))) "expected module found func")
(assert_unlinkable (component (import "host-return-two" (type (sub resource)))) "expected resource found func")
(assert_unlinkable (component (import "items" (instance (export "f" (instance))))) "expected instance found func")
(assert_unlinkable
  (component (import "items" (instance (export "f" (instance (export "g" (func)))))))
  "expected instance found func")
(assert_unlinkable
  (component (import "items" (instance (export "f" (type (sub resource))))))
  "expected resource found func")
(assert_unlinkable (component (import "items" (instance (export "r" (func))))) "expected func found resource")
(assert_unlinkable (component (import "items" (instance (export "r" (instance))))) "expected instance found resource")

;; Functions of the host that no core module calls have types too.
(component (import "host" (instance (export "return-three" (func (result u32))))))
(assert_unlinkable (component (import "host" (instance (export "return-three" (func (result string)))))) "")
(assert_unlinkable (component (import "host" (instance (export "return-three" (func))))) "")
(assert_unlinkable
  (component (import "host" (instance (export "return-three" (func (param "n" u32) (result u32))))))
  "")

;; A component can be no import of the outermost one.
(assert_unlinkable (component (import "inside" (component))) "component")
