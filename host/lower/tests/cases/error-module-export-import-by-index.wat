;; A core module's type, that of an import, in a component within the component.
(component
  (component $c
    (core module $m
      (type $s (struct))
      (import "a" "g" (global (ref null $s))))
    (export "module" (core module $m)))
  (instance (instantiate $c)))
