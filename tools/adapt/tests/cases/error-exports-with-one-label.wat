;; Two exports with one kebab-case form.
(module
  (func (export "Foo"))
  (func (export "foo")))
