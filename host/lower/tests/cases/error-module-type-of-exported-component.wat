(component
  (component $outer
    (component $inner
      (import "m" (core module
        (type $b (func))
        (type $a (func (param (ref $b))))
        (export "f" (func (type $a))))))
    (export "inner" (component $inner)))
  (instance (instantiate $outer)))
