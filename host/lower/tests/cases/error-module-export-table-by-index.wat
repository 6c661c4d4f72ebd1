;; A core module's type, through an instance that is made of exports.
(component
  (core module $m
    (type $f (func))
    (table (export "t") 1 (ref null $f)))
  (instance $i (export "module" (core module $m)))
  (export "instance" (instance $i)))
